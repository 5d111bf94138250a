package main

import (
	"fmt"
	"time"

	"github.com/cometbft/cometbft/types"
)

type edit struct {
	name  string
	apply func(*question)
}

// mutations change one thing each in what an honest node serves, after the validators have signed.
func mutations() []question {
	var out []question
	members := edMembers("mutated", 40, 30, 20, 10)
	for _, height := range []int64{2, 9} {
		for _, e := range append(headerEdits(), append(commitEdits(), setEdits()...)...) {
			q := ask(fmt.Sprintf("%s at %d", e.name, height), plan{height: 1, members: members}, plan{height: height, members: members})
			e.apply(&q)
			out = append(out, q)
		}
		for _, e := range resigned() {
			after := plan{height: height, members: members, edit: e.apply}
			out = append(out, ask(fmt.Sprintf("%s, signed so, at %d", e.name, height), plan{height: 1, members: members}, after))
		}
	}
	return out
}

func headerEdits() []edit {
	flip := func(name string, field func(*types.Header) []byte) edit {
		return edit{name, func(q *question) { field(q.untrusted.Header)[7] ^= 1 }}
	}
	set := func(name string, change func(*types.Header)) edit {
		return edit{name, func(q *question) { change(q.untrusted.Header) }}
	}
	return []edit{
		flip("last commit hash", func(h *types.Header) []byte { return h.LastCommitHash }),
		flip("data hash", func(h *types.Header) []byte { return h.DataHash }),
		flip("validators hash", func(h *types.Header) []byte { return h.ValidatorsHash }),
		flip("next validators hash", func(h *types.Header) []byte { return h.NextValidatorsHash }),
		flip("consensus hash", func(h *types.Header) []byte { return h.ConsensusHash }),
		flip("app hash", func(h *types.Header) []byte { return h.AppHash }),
		flip("last results hash", func(h *types.Header) []byte { return h.LastResultsHash }),
		flip("evidence hash", func(h *types.Header) []byte { return h.EvidenceHash }),
		flip("last block hash", func(h *types.Header) []byte { return h.LastBlockID.Hash }),
		flip("last parts hash", func(h *types.Header) []byte { return h.LastBlockID.PartSetHeader.Hash }),
		set("last parts total", func(h *types.Header) { h.LastBlockID.PartSetHeader.Total = 2 }),
		set("proposer", func(h *types.Header) { h.ProposerAddress = hashOf("nobody")[:20] }),
		set("time", func(h *types.Header) { h.Time = h.Time.Add(1) }),
		set("height", func(h *types.Header) { h.Height++ }),
		set("chain id", func(h *types.Header) { h.ChainID = "another" }),
		set("block version", func(h *types.Header) { h.Version.Block = 12 }),
		set("app version", func(h *types.Header) { h.Version.App = 2 }),
		set("no validators hash", func(h *types.Header) { h.ValidatorsHash = nil }),
		set("no app hash", func(h *types.Header) { h.AppHash = nil }),
	}
}

func commitEdits() []edit {
	set := func(name string, change func(*types.Commit)) edit {
		return edit{name, func(q *question) { change(q.untrusted.Commit) }}
	}
	var out []edit
	for i := 0; i < 4; i++ {
		out = append(out,
			set(fmt.Sprintf("signature %d", i), func(c *types.Commit) { c.Signatures[i].Signature[9] ^= 1 }),
			set(fmt.Sprintf("signing time %d", i), func(c *types.Commit) {
				c.Signatures[i].Timestamp = c.Signatures[i].Timestamp.Add(time.Nanosecond)
			}),
			set(fmt.Sprintf("flag nil %d", i), func(c *types.Commit) { c.Signatures[i].BlockIDFlag = types.BlockIDFlagNil }),
			set(fmt.Sprintf("absent %d", i), func(c *types.Commit) { c.Signatures[i] = types.NewCommitSigAbsent() }),
		)
	}
	return append(out,
		set("flag absent with the rest kept", func(c *types.Commit) { c.Signatures[0].BlockIDFlag = types.BlockIDFlagAbsent }),
		set("two swapped", func(c *types.Commit) {
			c.Signatures[0], c.Signatures[1] = c.Signatures[1], c.Signatures[0]
		}),
		set("one repeated", func(c *types.Commit) { c.Signatures[1] = c.Signatures[0] }),
		set("address of another", func(c *types.Commit) {
			c.Signatures[0].ValidatorAddress = c.Signatures[3].ValidatorAddress
		}),
		set("address of nobody", func(c *types.Commit) { c.Signatures[0].ValidatorAddress = hashOf("nobody")[:20] }),
		set("no signature bytes", func(c *types.Commit) { c.Signatures[0].Signature = nil }),
		set("short signature", func(c *types.Commit) { c.Signatures[0].Signature = c.Signatures[0].Signature[:63] }),
		set("one missing", func(c *types.Commit) { c.Signatures = c.Signatures[:3] }),
		set("one more", func(c *types.Commit) { c.Signatures = append(c.Signatures, types.NewCommitSigAbsent()) }),
		set("none", func(c *types.Commit) { c.Signatures = []types.CommitSig{} }),
		set("commit height", func(c *types.Commit) { c.Height++ }),
		set("round", func(c *types.Commit) { c.Round = 0 }),
		set("block hash", func(c *types.Commit) { c.BlockID.Hash = hashOf("another") }),
		set("parts hash", func(c *types.Commit) { c.BlockID.PartSetHeader.Hash = hashOf("another") }),
		set("parts total", func(c *types.Commit) { c.BlockID.PartSetHeader.Total = 9 }),
		set("nil block", func(c *types.Commit) { c.BlockID = types.BlockID{} }),
	)
}

// setEdits change the validators that come beside the header.
func setEdits() []edit {
	return []edit{
		{"power", func(q *question) { q.validators[0].VotingPower++ }},
		{"one validator less", func(q *question) { q.validators = q.validators[:3] }},
		{"validators of another set", func(q *question) { q.validators = validatorsOf(edMembers("else", 1, 2, 3, 4)) }},
		{"validators upside down", func(q *question) {
			v := q.validators
			q.validators = []*types.Validator{v[3], v[2], v[1], v[0]}
		}},
		{"validator address", func(q *question) { q.validators[0].Address = hashOf("nobody")[:20] }},
		{"proposer priority", func(q *question) { q.validators[0].ProposerPriority = 77 }},
	}
}

// resigned headers break a rule although their validators signed them.
func resigned() []struct {
	name  string
	apply func(*types.Header)
} {
	type change = struct {
		name  string
		apply func(*types.Header)
	}
	return []change{
		{"block version", func(h *types.Header) { h.Version.Block = 10 }},
		{"chain id", func(h *types.Header) { h.ChainID = "another" }},
		{"short data hash", func(h *types.Header) { h.DataHash = h.DataHash[:31] }},
		{"no data hash", func(h *types.Header) { h.DataHash = nil }},
		{"short proposer", func(h *types.Header) { h.ProposerAddress = h.ProposerAddress[:19] }},
		{"no last block", func(h *types.Header) { h.LastBlockID = types.BlockID{} }},
		{"app hash of 20 bytes", func(h *types.Header) { h.AppHash = h.AppHash[:20] }},
		{"wrong validators hash", func(h *types.Header) { h.ValidatorsHash = hashOf("wrong") }},
		{"proposer outside the set", func(h *types.Header) { h.ProposerAddress = hashOf("nobody")[:20] }},
	}
}
