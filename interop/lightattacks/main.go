// Command lightattacks lets CometBFT's own light client meet nodes that show two chains, and prints what it tells
// each of them: the evidence as bytes, hash and JSON, beside the blocks of both.
//
//	go run ./lightattacks > ../lightclient/vectors/attacks.json        (in interop/)
package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"sort"
	"time"

	dbm "github.com/cometbft/cometbft-db"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/light/provider"
	"github.com/cometbft/cometbft/light/provider/mock"
	dbs "github.com/cometbft/cometbft/light/store/db"
	"github.com/cometbft/cometbft/types"
)

const (
	target = 10
	period = time.Hour
)

// node keeps what it is told.
type node struct {
	*mock.Mock
	told types.Evidence
}

func (n *node) ReportEvidence(_ context.Context, ev types.Evidence) error {
	n.told = ev
	return nil
}

// printedBlock names validator sets by their place in the list of all.
type printedBlock struct {
	SignedHeader     json.RawMessage `json:"signed_header"`
	ValidatorSet     int             `json:"validator_set"`
	NextValidatorSet int             `json:"next_validator_set"`
}

type printedEvidence struct {
	Bytes string          `json:"bytes"`
	Hash  string          `json:"hash"`
	JSON  json.RawMessage `json:"json"`
}

type printedCase struct {
	Name    string           `json:"name"`
	Hash    string           `json:"trusted_hash"`
	Target  int64            `json:"target"`
	Now     time.Time        `json:"now"`
	Primary []printedBlock   `json:"primary"`
	Witness []*printedBlock  `json:"witness"` // null where it is the primary's
	ToldW   *printedEvidence `json:"told_to_witness"`
	ToldP   *printedEvidence `json:"told_to_primary"`
}

var sets []json.RawMessage

func main() {
	var out []printedCase
	for _, a := range attacks() {
		out = append(out, a.run())
	}
	text, err := json.Marshal(map[string]any{"period": period.Nanoseconds(), "sets": sets, "cases": out})
	must(err)
	_, err = os.Stdout.Write(append(text, '\n'))
	must(err)
}

func (a attack) run() printedCase {
	primary, witness := nodeOf(a.primary), nodeOf(a.witness)
	now := start.Add(time.Minute)
	trusted := a.primary[1].SignedHeader.Hash()
	client, err := light.NewClient(context.Background(), chainID,
		light.TrustOptions{Period: period, Height: 1, Hash: trusted}, primary, []provider.Provider{witness},
		dbs.New(dbm.NewMemDB(), chainID))
	must(err)
	_, err = client.VerifyLightBlockAtHeight(context.Background(), target, now)
	if !errors.Is(err, light.ErrLightClientAttack) {
		log.Fatalf("%s: expected an attack, got %v", a.name, err)
	}
	return printedCase{
		Name: a.name, Hash: hex.EncodeToString(trusted), Target: target, Now: now,
		Primary: printBlocks(a.primary), Witness: printOthers(a.witness, a.primary),
		ToldW: printEvidence(witness.told), ToldP: printEvidence(primary.told),
	}
}

func nodeOf(chain chain) *node {
	headers, sets := map[int64]*types.SignedHeader{}, map[int64]*types.ValidatorSet{}
	for height, block := range chain {
		headers[height], sets[height] = block.SignedHeader, block.set
	}
	return &node{Mock: mock.New(chainID, headers, sets)}
}

func printBlocks(chain chain) []printedBlock {
	var heights []int64
	for height := range chain {
		heights = append(heights, height)
	}
	sort.Slice(heights, func(i, j int) bool { return heights[i] < heights[j] })
	var out []printedBlock
	for _, height := range heights {
		block := chain[height]
		out = append(out, printedBlock{raw(block.SignedHeader), printSet(block.set), printSet(block.next)})
	}
	return out
}

func printOthers(chain, known chain) []*printedBlock {
	blocks, others := printBlocks(chain), printBlocks(known)
	out := make([]*printedBlock, len(blocks))
	for i := range blocks {
		if text(blocks[i]) != text(others[i]) {
			out[i] = &blocks[i]
		}
	}
	return out
}

func printSet(set *types.ValidatorSet) int {
	text := raw(set)
	for i, known := range sets {
		if string(known) == string(text) {
			return i
		}
	}
	sets = append(sets, text)
	return len(sets) - 1
}

func printEvidence(evidence types.Evidence) *printedEvidence {
	if evidence == nil {
		return nil
	}
	must(evidence.ValidateBasic())
	text := raw(map[string]any{"evidence": evidence})
	return &printedEvidence{hex.EncodeToString(evidence.Bytes()), hex.EncodeToString(evidence.Hash()), text}
}

func text(block printedBlock) string {
	return fmt.Sprint(string(block.SignedHeader), block.ValidatorSet, block.NextValidatorSet)
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
