package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/cometbft/cometbft/crypto/ed25519"
	"github.com/cometbft/cometbft/types"
)

// keyPower is a validator as an application names it.
type keyPower struct {
	PubKey string `json:"pubkey"`
	Power  string `json:"power"`
}

// proposerStep is the state of the set after the changes (if any), then so many increments.
type proposerStep struct {
	Changes    []keyPower        `json:"changes,omitempty"`
	Increment  int32             `json:"increment"`
	Proposer   string            `json:"proposer"`
	Priorities map[string]string `json:"priorities"`
	Hash       string            `json:"hash"`
}

type proposerCase struct {
	Name    string         `json:"name"`
	Initial []keyPower     `json:"initial"`
	Steps   []proposerStep `json:"steps"`
}

// change sets the power of validator number `index` at the given height; power 0 removes it.
type change struct {
	index int
	power int64
}

const proposerHeights = 50

func edKey(index int) ed25519.PrivKey {
	return ed25519.GenPrivKeyFromSecret([]byte(fmt.Sprintf("depind validator %d", index)))
}

func proposerCases() []proposerCase {
	return []proposerCase{
		proposerRun("one validator", []int64{10}, nil, 1),
		proposerRun("four equal", []int64{10, 10, 10, 10}, nil, 1),
		proposerRun("four unequal", []int64{1, 2, 30, 400}, nil, 1),
		proposerRun("seven unequal", []int64{5, 90, 17, 3, 1000, 44, 44}, nil, 1),
		proposerRun("ten unequal, three rounds a height", tenPowers, nil, 3),
		proposerRun("four of extreme powers", []int64{1, 1 << 30, 1 << 58, 1<<59 + 7}, nil, 1),
		proposerRun("four, joined, changed and removed", []int64{10, 20, 30, 40}, map[int][]change{
			5:  {{4, 25}},
			9:  {{0, 100}},
			14: {{1, 0}},
			20: {{5, 1}, {6, 500}, {2, 31}},
			27: {{6, 0}, {0, 10}},
			33: {{1, 20}},
			40: {{3, 1}, {4, 0}, {7, 60}},
		}, 1),
		proposerRun("seven, all powers changed at once", []int64{1, 2, 3, 4, 5, 6, 7}, map[int][]change{
			3:  {{0, 70}, {1, 60}, {2, 50}, {3, 40}, {4, 30}, {5, 20}, {6, 10}},
			10: {{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}, {6, 1_000_000}},
			25: {{6, 1}},
			30: {{7, 1_000_000_000}, {0, 0}},
		}, 1),
		proposerRun("ten, shrunk to one and grown again", tenPowers, map[int][]change{
			4:  {{0, 0}, {1, 0}, {2, 0}},
			8:  {{3, 0}, {4, 0}, {5, 0}, {6, 0}, {7, 0}, {8, 0}},
			15: {{0, 7}, {1, 8}},
			22: {{2, 1}, {3, 100}, {9, 3}},
			31: {{9, 0}, {4, 77}},
			44: {{4, 76}, {5, 1_000_000_000_000}},
		}, 2),
		proposerRun("one validator replaced", []int64{10}, map[int][]change{
			2: {{1, 10}},
			3: {{0, 0}},
			6: {{2, 1_000}, {1, 0}},
		}, 1),
	}
}

var tenPowers = []int64{100, 3, 25, 25, 7, 1, 640, 12, 99, 58}

func proposerRun(name string, powers []int64, plan map[int][]change, increment int32) proposerCase {
	out := proposerCase{Name: name}
	var validators []*types.Validator
	for index, power := range powers {
		validator, entry := numbered(index, power)
		validators = append(validators, validator)
		out.Initial = append(out.Initial, entry)
	}
	set := types.NewValidatorSet(validators)
	out.Steps = append(out.Steps, stepOf(set, nil, 0))
	for height := 1; height <= proposerHeights; height++ {
		var updates []*types.Validator
		var entries []keyPower
		for _, c := range plan[height] {
			validator, entry := numbered(c.index, c.power)
			updates = append(updates, validator)
			entries = append(entries, entry)
		}
		must(set.UpdateWithChangeSet(updates))
		set.IncrementProposerPriority(increment)
		out.Steps = append(out.Steps, stepOf(set, entries, increment))
	}
	return out
}

func numbered(index int, power int64) (*types.Validator, keyPower) {
	key := edKey(index).PubKey()
	entry := keyPower{base64.StdEncoding.EncodeToString(key.Bytes()), strconv.FormatInt(power, 10)}
	return types.NewValidator(key, power), entry
}

func stepOf(set *types.ValidatorSet, changes []keyPower, increment int32) proposerStep {
	priorities := map[string]string{}
	for _, v := range set.Validators {
		priorities[v.Address.String()] = strconv.FormatInt(v.ProposerPriority, 10)
	}
	return proposerStep{
		Changes:    changes,
		Increment:  increment,
		Proposer:   set.GetProposer().Address.String(),
		Priorities: priorities,
		Hash:       strings.ToUpper(hex.EncodeToString(set.Hash())),
	}
}
