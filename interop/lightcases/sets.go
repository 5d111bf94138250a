package main

import (
	"fmt"
	"time"

	cmtmath "github.com/cometbft/cometbft/libs/math"
	"github.com/cometbft/cometbft/types"
)

// largest is the size of the largest validator set of a vote set (types/vote_set.go, MaxVotesCount).
const largest = 10_000

// questionsOfSets asks about very large sets, and about powers and members that no honest chain has.
func questionsOfSets() []question {
	var out []question
	out = append(out, largeSets()...)
	out = append(out, greatPowers()...)
	out = append(out, powerless()...)
	return append(out, repeatedMembers()...)
}

// step is an honest header after height 1, by the same validators; those at the places given are absent.
func step(name string, members []member, height int64, absent func(int) bool) question {
	flags := make([]types.BlockIDFlag, len(members))
	for i := range flags {
		flags[i] = types.BlockIDFlagCommit
		if absent(i) {
			flags[i] = types.BlockIDFlagAbsent
		}
	}
	set := validatorsOf(members)
	return question{
		name: fmt.Sprintf("sets: %s, %d after 1", name, height), trusted: signed(1, members[:1], members, nil),
		trustedNext: set, untrusted: signed(height, members, members, flags), validators: set, next: set,
		level: cmtmath.Fraction{Numerator: 1, Denominator: 3}, period: time.Hour, drift: 10 * time.Second,
		now: start.Add(2 * time.Minute),
	}
}

func nobody(int) bool { return false }

func fromPlace(first int) func(int) bool { return func(i int) bool { return i >= first } }

func largeSets() []question {
	thousand := withPowers(1_000, func(int) int64 { return 10 })
	out := []question{
		step("1,000 validators", thousand, 2, nobody),
		step("667 of 1,000 sign", thousand, 2, fromPlace(667)),
		step("666 of 1,000 sign", thousand, 2, fromPlace(666)),
		step("667 of 1,000 sign", thousand, 9, fromPlace(667)),
	}
	for _, size := range []int{largest, largest + 1} {
		members := withPowers(size, func(int) int64 { return 10 })
		out = append(out, step(fmt.Sprintf("%d validators", size), members, 9, nobody))
	}
	return out
}

func greatPowers() []question {
	var out []question
	for _, total := range []int64{types.MaxTotalVotingPower - 1, types.MaxTotalVotingPower, types.MaxTotalVotingPower + 1} {
		members := withPowers(4, func(i int) int64 { return 1 + int64(i)*7 })
		members[0].power = total - members[1].power - members[2].power - members[3].power
		name := fmt.Sprintf("a total of %d", total)
		for _, height := range []int64{2, 9} {
			out = append(out, step(name, members, height, nobody))
			out = append(out, step(name+" without the greatest", members, height, func(i int) bool { return i == 0 }))
			// The product of power and numerator needs more than 64 bits at some of these.
			for _, numerator := range []int{5, 7, 8, 9} {
				q := step(fmt.Sprintf("%s, level %d/9", name, numerator), members, height, nobody)
				q.level = fraction(numerator, 9)
				out = append(out, q)
			}
		}
	}
	// Two that overflow an int64 only together.
	both := withPowers(2, func(int) int64 { return types.MaxTotalVotingPower })
	return append(out, step("two with all power each", both, 9, nobody))
}

func powerless() []question {
	var out []question
	for _, height := range []int64{2, 9} {
		none := withPowers(4, func(int) int64 { return 0 })
		some := withPowers(4, func(i int) int64 { return int64(i % 2) })
		out = append(out,
			step("nobody has power", none, height, nobody),
			step("half of them have no power", some, height, nobody),
			step("those without power sign alone", some, height, fromPlace(0)),
			step("those with power sign alone", some, height, fromPlace(2)))
	}
	return out
}

func repeatedMembers() []question {
	var out []question
	for _, height := range []int64{2, 9} {
		members := withPowers(4, func(int) int64 { return 10 })
		twice := append(append([]member{}, members...), members[0])
		other := append(append([]member{}, members...), member{members[0].key, 40})
		out = append(out,
			step("a validator twice", twice, height, nobody),
			step("a validator twice, of which one signs", twice, height, fromPlace(4)),
			step("a validator with two powers", other, height, nobody),
			step("a validator with two powers signs alone", other, height, fromPlace(1)))
		for i := range other {
			out = append(out, step(fmt.Sprintf("a validator with two powers, all but %d", i), other, height,
				func(at int) bool { return at == i }))
		}
	}
	return out
}

func withPowers(size int, power func(int) int64) []member {
	out := make([]member, size)
	for i := range out {
		out[i] = newMember(power(i))
	}
	return out
}
