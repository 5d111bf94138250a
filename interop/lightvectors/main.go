// Command lightvectors prints what CometBFT's light.Verify says about headers that follow trusted ones:
// honest, at the boundaries, and changed field by field.
//
//	go run ./lightvectors        (in interop/)
//
// writes ../lightclient/vectors/verify.json. Keys and times come from a fixed seed, so that a second run
// writes the same bytes. Signed headers and validator sets are printed once;
// a case holds their numbers.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	cmtjson "github.com/cometbft/cometbft/libs/json"
	cmtmath "github.com/cometbft/cometbft/libs/math"
	"github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/types"
)

// question is one verification: the trusted block, the block to judge, and the settings.
type question struct {
	name          string
	trusted       *types.SignedHeader
	trustedNext   []*types.Validator
	untrusted     *types.SignedHeader
	validators    []*types.Validator
	next          []*types.Validator
	level         cmtmath.Fraction
	period, drift time.Duration
	now           time.Time
}

type printedCase struct {
	Name           string    `json:"name"`
	Trusted        int       `json:"trusted"`
	TrustedNext    int       `json:"trusted_next_validators"`
	Untrusted      int       `json:"untrusted"`
	Validators     int       `json:"validators"`
	NextValidators int       `json:"next_validators"`
	TrustLevel     [2]uint64 `json:"trust_level"`
	TrustingPeriod string    `json:"trusting_period"`
	MaxClockDrift  string    `json:"max_clock_drift"`
	Now            time.Time `json:"now"`
	Verdict        string    `json:"verdict"`
}

type printer struct {
	Headers []json.RawMessage `json:"headers"`
	Sets    []json.RawMessage `json:"sets"`
	Cases   []printedCase     `json:"cases"`
	known   map[string]int
}

func main() {
	root := ".."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	out := &printer{known: map[string]int{}}
	for _, q := range questions() {
		out.print(q)
	}
	path := filepath.Join(root, "lightclient/vectors/verify.json")
	text, err := json.Marshal(out)
	must(err)
	must(os.MkdirAll(filepath.Dir(path), 0o755))
	must(os.WriteFile(path, append(text, '\n'), 0o644))
	counts := map[string]int{}
	for _, c := range out.Cases {
		counts[c.Verdict]++
	}
	fmt.Println(len(out.Cases), counts, len(text))
}

func (p *printer) print(q question) {
	p.Cases = append(p.Cases, printedCase{
		Name:           q.name,
		Trusted:        p.number(&p.Headers, q.trusted),
		TrustedNext:    p.number(&p.Sets, q.trustedNext),
		Untrusted:      p.number(&p.Headers, q.untrusted),
		Validators:     p.number(&p.Sets, q.validators),
		NextValidators: p.number(&p.Sets, q.next),
		TrustLevel:     [2]uint64{q.level.Numerator, q.level.Denominator},
		TrustingPeriod: fmt.Sprint(q.period.Nanoseconds()),
		MaxClockDrift:  fmt.Sprint(q.drift.Nanoseconds()),
		Now:            q.now,
		Verdict:        verdict(q),
	})
}

// number gives the place of a value in its list, printing it there when it is new.
func (p *printer) number(list *[]json.RawMessage, value any) int {
	text := raw(value)
	if number, ok := p.known[string(text)]; ok {
		return number
	}
	number := len(*list)
	p.known[string(text)] = number
	*list = append(*list, text)
	return number
}

// verdict is the class of what CometBFT says: a panic counts as a refusal.
func verdict(q question) (class string) {
	defer func() {
		if recover() != nil {
			class = "invalid"
		}
	}()
	trusted, err := types.ValidatorSetFromExistingValidators(copies(q.trustedNext))
	if err != nil {
		return "invalid"
	}
	validators, err := types.ValidatorSetFromExistingValidators(copies(q.validators))
	if err != nil {
		return "invalid"
	}
	if light.ValidateTrustLevel(q.level) != nil {
		return "invalid"
	}
	err = light.Verify(q.trusted, trusted, q.untrusted, validators, q.period, q.now, q.drift, q.level)
	var bisect light.ErrNewValSetCantBeTrusted
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &bisect):
		return "notEnoughTrust"
	default:
		return "invalid"
	}
}

func copies(validators []*types.Validator) []*types.Validator {
	out := make([]*types.Validator, len(validators))
	for i, v := range validators {
		out[i] = v.Copy()
	}
	return out
}

func raw(value any) json.RawMessage {
	text, err := cmtjson.Marshal(value)
	must(err)
	return text
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
