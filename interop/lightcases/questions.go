package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	cmtmath "github.com/cometbft/cometbft/libs/math"
	"github.com/cometbft/cometbft/types"
)

// small sets have every field changed; of large ones some fields, as each costs a header of many signatures.
const (
	small        = 20
	largeChanges = 12
	fewElements  = 3
)

// questionsOfBase asks about one honest step, with other settings, and with every field changed.
func questionsOfBase() []question {
	b := newBase()
	out := append([]question{b.question}, settings(b.question)...)
	out = append(out, b.changedFields(false)...)
	if len(b.after) <= small {
		out = append(out, b.changedFields(true)...)
	}
	out = append(out, b.changedSets()...)
	return append(out, b.changedLists()...)
}

func settings(q question) []question {
	var out []question
	add := func(name string, change func(*question)) {
		changed := q
		changed.name += ", " + name
		change(&changed)
		out = append(out, changed)
	}
	for _, ns := range []time.Duration{-1, 0, 1} {
		add(fmt.Sprintf("expiry %+d", ns), func(q *question) { q.now = q.trusted.Time.Add(q.period + ns) })
		add(fmt.Sprintf("drift %+d", ns), func(q *question) { q.now = q.untrusted.Time.Add(-q.drift + ns) })
	}
	for _, l := range [][2]int{{1, 2}, {2, 3}, {1, 1}, {2, 5}, {33, 100}, {4, 3}, {1 + random.Intn(9), 9}} {
		add(fmt.Sprintf("level %d/%d", l[0], l[1]), func(q *question) { q.level = fraction(l[0], l[1]) })
	}
	return out
}

// changedFields changes each field of the header and its commit; with isSigned the header is signed anew, so that not
// its hash but its rules decide.
func (b base) changedFields(isSigned bool) []question {
	var paths []string
	walk(reflect.ValueOf(deepCopy(b.question.untrusted)), "", func(path string, value reflect.Value) {
		isKept := !isSigned || strings.HasPrefix(path, ".Header") && !strings.HasSuffix(path, "NextValidatorsHash")
		for i := range changesOf(value) {
			if isKept {
				paths = append(paths, fmt.Sprint(path, " ", i))
			}
		}
	})
	if len(b.after) > small {
		random.Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
		paths = paths[:min(largeChanges, len(paths))]
	}
	var out []question
	for _, path := range paths {
		q := b.question
		q.untrusted = deepCopy(q.untrusted)
		change(reflect.ValueOf(q.untrusted), path)
		q.name += ", changed" + path
		if isSigned {
			q.name += ", signed so"
			q.untrusted.Commit.BlockID = blockID(q.untrusted.Header.Hash())
			q.untrusted.Commit.Height = q.untrusted.Header.Height
			sign(q.untrusted, b.after)
		}
		out = append(out, q)
	}
	return out
}

// changedSets changes fields of validators that come beside the header.
func (b base) changedSets() []question {
	var out []question
	for i := 0; i < fewElements; i++ {
		at := random.Intn(len(b.question.validators))
		add := func(name string, change func(*types.Validator)) {
			q := b.question
			q.validators = copies(q.validators)
			change(q.validators[at])
			q.name += fmt.Sprintf(", %s of validator %d", name, at)
			out = append(out, q)
		}
		add("power", func(v *types.Validator) { v.VotingPower++ })
		add("no power", func(v *types.Validator) { v.VotingPower = 0 })
		add("negative power", func(v *types.Validator) { v.VotingPower = -v.VotingPower })
		add("too much power", func(v *types.Validator) { v.VotingPower = types.MaxTotalVotingPower + 1 })
		add("address", func(v *types.Validator) { v.Address = hashOf("nobody")[:20] })
		add("short address", func(v *types.Validator) { v.Address = v.Address[:19] })
		add("key", func(v *types.Validator) {
			key := newMembers(1)[0].key.PubKey()
			v.PubKey, v.Address = key, key.Address()
		})
		add("priority", func(v *types.Validator) { v.ProposerPriority = 77 })
	}
	return out
}

// changedLists leaves out, adds, repeats and swaps signatures and validators.
func (b base) changedLists() []question {
	var out []question
	add := func(name string, change func(*question)) {
		q := b.question
		q.untrusted = deepCopy(q.untrusted)
		q.validators = copies(q.validators)
		change(&q)
		q.name += ", " + name
		out = append(out, q)
	}
	last := len(b.question.validators) - 1
	i, j := random.Intn(last+1), random.Intn(last+1)
	add("a signature less", func(q *question) { c := q.untrusted.Commit; c.Signatures = c.Signatures[:last] })
	add("a signature more", func(q *question) {
		c := q.untrusted.Commit
		c.Signatures = append(c.Signatures, types.NewCommitSigAbsent())
	})
	add("signatures swapped", func(q *question) { s := q.untrusted.Commit.Signatures; s[i], s[j] = s[j], s[i] })
	add("a signature repeated", func(q *question) { s := q.untrusted.Commit.Signatures; s[i] = s[j] })
	add("a validator less", func(q *question) { q.validators = q.validators[:last] })
	add("a validator more", func(q *question) {
		q.validators = append(q.validators, validatorsOf(newMembers(1))...)
	})
	add("validators swapped", func(q *question) { v := q.validators; v[i], v[j] = v[j], v[i] })
	add("a validator repeated", func(q *question) { q.validators[i] = q.validators[j] })
	add("an absent vote instead", func(q *question) { q.untrusted.Commit.Signatures[i] = types.NewCommitSigAbsent() })
	add("the other header's commit", func(q *question) { q.untrusted.Commit = q.trusted.Commit })
	add("the trusted header again", func(q *question) { q.untrusted = q.trusted })
	return out
}

func fraction(numerator, denominator int) cmtmath.Fraction {
	var out cmtmath.Fraction
	reflect.ValueOf(&out.Numerator).Elem().Set(convert(numerator, &out.Numerator))
	reflect.ValueOf(&out.Denominator).Elem().Set(convert(denominator, &out.Denominator))
	return out
}

// convert makes the number of the type that this version of CometBFT wants.
func convert(value int, like any) reflect.Value {
	return reflect.ValueOf(value).Convert(reflect.TypeOf(like).Elem())
}
