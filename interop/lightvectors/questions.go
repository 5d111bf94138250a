package main

import (
	"fmt"
	"time"

	cmtmath "github.com/cometbft/cometbft/libs/math"
	"github.com/cometbft/cometbft/types"
)

const hour = time.Hour

var third = cmtmath.Fraction{Numerator: 1, Denominator: 3}

// ask makes the question whether the second plan follows the first, with the usual settings.
func ask(name string, before, after plan) question {
	return question{
		name:        name,
		trusted:     before.signed(),
		trustedNext: validatorsOf(before.nextMembers()),
		untrusted:   after.signed(),
		validators:  validatorsOf(after.members),
		next:        validatorsOf(after.nextMembers()),
		level:       third,
		period:      hour,
		drift:       10 * time.Second,
		now:         start.Add(time.Minute),
	}
}

func questions() []question {
	var out []question
	out = append(out, boundaries()...)
	out = append(out, powers()...)
	out = append(out, mutations()...)
	out = append(out, keyKinds()...)
	return append(out, randoms(130)...)
}

// boundaries of time, height and trust, each just on both sides.
func boundaries() []question {
	four := edMembers("four", 10, 10, 10, 10)
	first := plan{height: 1, members: four}
	var out []question
	for _, height := range []int64{2, 9} {
		follow := plan{height: height, members: four}
		add := func(name string, edit func(*question)) {
			q := ask(fmt.Sprintf("%s at %d", name, height), first, follow)
			edit(&q)
			out = append(out, q)
		}
		for _, ns := range []time.Duration{-1, 0, 1} {
			add(fmt.Sprintf("expiry %+d ns", ns), func(q *question) { q.now = q.trusted.Time.Add(hour + ns) })
			add(fmt.Sprintf("drift %+d ns", ns), func(q *question) { q.now = q.untrusted.Time.Add(-q.drift + ns) })
		}
		add("no drift", func(q *question) { q.drift = 0; q.now = q.untrusted.Time })
		add("a nanosecond of drift", func(q *question) { q.drift = 1; q.now = q.untrusted.Time })
		for _, l := range [][2]uint64{{1, 3}, {1, 2}, {2, 3}, {3, 4}, {1, 1}, {33, 100}, {4, 3}, {9, 10}} {
			add(fmt.Sprintf("level %d/%d", l[0], l[1]), func(q *question) {
				q.level = cmtmath.Fraction{Numerator: l[0], Denominator: l[1]}
			})
		}
	}
	for _, height := range []int64{2, 9} {
		for _, ns := range []time.Duration{-1, 0, 1} {
			late := plan{height: height, members: four, edit: func(h *types.Header) {
				h.Time = start.Add(time.Second + ns)
			}}
			out = append(out, ask(fmt.Sprintf("time %+d ns at %d", ns, height), first, late))
		}
	}
	for _, height := range []int64{3, 4, 5, 6} {
		same := plan{height: height, members: four, edit: func(h *types.Header) {
			h.Time = start.Add(20 * time.Second)
		}}
		out = append(out, ask(fmt.Sprintf("height %d after 4", height), plan{height: 4, members: four}, same))
	}
	return out
}

// powers around one and two thirds, with the same and with changed sets.
func powers() []question {
	const maxTotal = int64(1<<63-1) / 8
	absent := types.BlockIDFlagAbsent
	var out []question
	for _, height := range []int64{2, 9} {
		for _, p := range [][]int64{{10, 10, 10}, {11, 10, 10}, {10, 10, 11}, {2, 1}, {1, 1, 1, 1}, {1}, {maxTotal - 2, 1, 1}, {maxTotal, 1}, {3, 0}, {0, 0}} {
			members := edMembers("power", p...)
			flags := make([]types.BlockIDFlag, len(p))
			for i := range flags {
				flags[i] = types.BlockIDFlagCommit
			}
			all := plan{height: height, members: members}
			out = append(out, ask(fmt.Sprint("all of ", p, " at ", height), plan{height: 1, members: members}, all))
			flags[len(p)-1] = absent
			some := plan{height: height, members: members, flags: flags}
			out = append(out, ask(fmt.Sprint("but the last of ", p, " at ", height), plan{height: 1, members: members}, some))
			flags[len(p)-1] = types.BlockIDFlagNil
			out = append(out, ask(fmt.Sprint("nil by the last of ", p, " at ", height), plan{height: 1, members: members}, some))
		}
	}
	for _, gone := range []int64{19, 20, 21} {
		kept := edMembers("kept", 10)
		before := plan{height: 1, members: append(edMembers("gone", gone), kept...)}
		after := plan{height: 9, members: append(edMembers("come", 5), kept...)}
		out = append(out, ask(fmt.Sprint("10 kept of 10 + ", gone), before, after))
		quiet := after
		quiet.flags = []types.BlockIDFlag{absent}
		out = append(out, ask(fmt.Sprint("10 kept and silent of 10 + ", gone), before, quiet))
	}
	huge := edMembers("huge", maxTotal-1, 1)
	big := ask("a numerator that overflows", plan{height: 1, members: huge}, plan{height: 9, members: huge})
	big.level = cmtmath.Fraction{Numerator: 9, Denominator: 10}
	fits := big
	fits.name = "a numerator that just fits"
	fits.level = cmtmath.Fraction{Numerator: 8, Denominator: 9}
	announced := edMembers("announced", 5, 5)
	turn := ask("announced turnover", plan{height: 1, members: huge, next: announced}, plan{height: 2, members: announced})
	sudden := ask("turnover that was not announced", plan{height: 1, members: huge}, plan{height: 2, members: announced})
	return append(out, big, fits, turn, sudden)
}

// keyKinds other than ed25519 alone, where CometBFT verifies one signature after the other.
func keyKinds() []question {
	var out []question
	mixed := append(edMembers("mixed", 10, 10), secpMembers("mixed", 10, 9)...)
	for _, kind := range []struct {
		name    string
		members []member
	}{{"secp256k1", secpMembers("secp", 10, 9, 8)}, {"mixed", mixed}, {"one", edMembers("one", 5)}} {
		for _, height := range []int64{2, 9} {
			first := plan{height: 1, members: append(edMembers("others", 1), kind.members...)}
			first.next = kind.members
			if height == 9 {
				first.next = append(edMembers("others", 1), kind.members...)
			}
			follow := plan{height: height, members: kind.members}
			good := ask(fmt.Sprintf("%s keys at %d", kind.name, height), first, follow)
			bad := ask(fmt.Sprintf("%s keys with a wrong signature at %d", kind.name, height), first, follow)
			bad.untrusted.Commit.Signatures[0].Signature[5] ^= 1
			far := plan{height: 1, members: append(edMembers("many", 1000), kind.members...)}
			poor := ask(fmt.Sprintf("%s keys with little trust at %d", kind.name, height), far, follow)
			both := ask(fmt.Sprintf("%s keys with little trust and a wrong signature at %d", kind.name, height), far, follow)
			both.untrusted.Commit.Signatures[0].Signature[5] ^= 1
			short := ask(fmt.Sprintf("%s keys with little trust and a short signature at %d", kind.name, height), far, follow)
			short.untrusted.Commit.Signatures[0].Signature = short.untrusted.Commit.Signatures[0].Signature[:63]
			out = append(out, good, bad, poor, both, short)
		}
	}
	return out
}

// randoms draw sets that overlap, votes of all kinds, levels, and now and then a wrong signature.
func randoms(count int) []question {
	levels := []cmtmath.Fraction{third, {Numerator: 1, Denominator: 2}, {Numerator: 2, Denominator: 3}, {Numerator: 1, Denominator: 1}}
	var out []question
	for i := 0; i < count; i++ {
		pool := edMembers("pool", randomPowers(6)...)
		from, to := random.Intn(4), random.Intn(4)
		before := plan{height: 1, members: pool[from : from+1+random.Intn(6-from)]}
		after := plan{height: 2 + int64(random.Intn(2)*7), members: pool[to : to+1+random.Intn(6-to)]}
		if after.height == 2 && random.Intn(2) == 0 {
			before.next = after.members
		}
		for range after.members {
			after.flags = append(after.flags, randomFlag())
		}
		q := ask(fmt.Sprint("random ", i), before, after)
		q.level = levels[random.Intn(len(levels))]
		if random.Intn(4) == 0 {
			signature := q.untrusted.Commit.Signatures[random.Intn(len(after.members))].Signature
			if len(signature) > 0 {
				signature[random.Intn(64)] ^= 1 << random.Intn(8)
			}
		}
		out = append(out, q)
	}
	return out
}

func randomPowers(count int) []int64 {
	out := make([]int64, count)
	for i := range out {
		out[i] = 1 + random.Int63n(3)
		if random.Intn(3) == 0 {
			out[i] = 1 + random.Int63n(1<<40)
		}
	}
	return out
}

func randomFlag() types.BlockIDFlag {
	switch random.Intn(6) {
	case 0:
		return types.BlockIDFlagAbsent
	case 1:
		return types.BlockIDFlagNil
	default:
		return types.BlockIDFlagCommit
	}
}
