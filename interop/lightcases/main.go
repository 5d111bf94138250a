// Command lightcases asks CometBFT's light.Verify about many generated headers: honest ones, and each again with every
// field of header, commit, signatures and validators changed in several ways, as they are and signed anew; before them
// headers of sets that are very large, or that no honest chain has. It prints
// lines of JSON: a signed header (h), a validator set (s), or a case (c) that names them by their numbers.
//
//	go run ./lightcases <seed> <cases>        (in interop/)
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"math/rand"
	"os"
	"strconv"
	"time"

	cmtjson "github.com/cometbft/cometbft/libs/json"
	cmtmath "github.com/cometbft/cometbft/libs/math"
	"github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/types"
)

// question is one verification: the trusted header, the one to judge, and the settings.
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

// printer writes headers and sets when they are new. A set is told by its text, a header by its place in memory.
type printer struct {
	out     *bufio.Writer
	headers map[*types.SignedHeader]int
	sets    map[string]int
	cases   int
	printed int
}

func main() {
	seed, cases := argument(1, 1), argument(2, 20_000)
	random = rand.New(rand.NewSource(seed))
	p := &printer{bufio.NewWriterSize(os.Stdout, 1<<20), map[*types.SignedHeader]int{}, map[string]int{}, 0, 0}
	for _, q := range questionsOfSets() {
		p.print(q)
		clear(p.headers)
		clear(p.sets)
	}
	for p.cases < int(cases) {
		for _, q := range questionsOfBase() {
			p.print(q)
		}
		// Those of the next base are others.
		clear(p.headers)
	}
	must(p.out.Flush())
}

func argument(at int, otherwise int64) int64 {
	if len(os.Args) <= at {
		return otherwise
	}
	value, err := strconv.ParseInt(os.Args[at], 10, 64)
	must(err)
	return value
}

var headersPrinted int

func (p *printer) print(q question) {
	p.line("c", printedCase{
		Name:           q.name,
		Trusted:        p.header(q.trusted),
		TrustedNext:    p.set(q.trustedNext),
		Untrusted:      p.header(q.untrusted),
		Validators:     p.set(q.validators),
		NextValidators: p.set(q.next),
		TrustLevel:     [2]uint64{uint64(q.level.Numerator), uint64(q.level.Denominator)},
		TrustingPeriod: fmt.Sprint(q.period.Nanoseconds()),
		MaxClockDrift:  fmt.Sprint(q.drift.Nanoseconds()),
		Now:            q.now,
		Verdict:        verdict(q),
	})
	p.cases++
}

func (p *printer) header(header *types.SignedHeader) int {
	if number, ok := p.headers[header]; ok {
		return number
	}
	number := headersPrinted
	headersPrinted++
	p.headers[header] = number
	p.line("h", raw(header))
	return number
}

func (p *printer) set(validators []*types.Validator) int {
	text := raw(validators)
	if number, ok := p.sets[string(text)]; ok {
		return number
	}
	number := p.printed
	p.printed++
	p.sets[string(text)] = number
	p.line("s", text)
	return number
}

func (p *printer) line(kind string, value any) {
	text, err := json.Marshal(value)
	must(err)
	_, err = fmt.Fprintf(p.out, "%s%s\n", kind, text)
	must(err)
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
