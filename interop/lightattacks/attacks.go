package main

import (
	"time"

	"github.com/cometbft/cometbft/types"
)

func attacks() []attack {
	four := membersOf("four", 10, 10, 10, 10)
	uneven := membersOf("uneven", 40, 30, 20, 10, 3)
	steady := func(m members) func(int64) members { return func(int64) members { return m } }
	honest := func(m members) plan { return plan{length: target, members: steady(m)} }
	otherData := func(h *types.Header) { h.DataHash = hashOf("other transactions") }
	otherApp := func(h *types.Header) { h.AppHash = hashOf("another state") }
	with := func(p plan, change func(*plan)) chain {
		change(&p)
		return chainOf(p)
	}
	return []attack{
		{"equivocation", with(honest(four), func(p *plan) { p.from, p.edit = 8, otherData }), chainOf(honest(four))},
		{"equivocation of some", with(honest(uneven), func(p *plan) {
			p.from, p.edit = 8, otherData
			p.flags = []types.BlockIDFlag{2, 2, 2, 1, 3}
		}), with(honest(uneven), func(p *plan) {
			p.from = 8
			p.flags = []types.BlockIDFlag{2, 2, 3, 2, 2}
		})},
		{"amnesia", with(honest(four), func(p *plan) { p.from, p.edit, p.round = 8, otherData, 3 }), chainOf(honest(four))},
		{"lunatic", with(honest(four), func(p *plan) { p.from, p.edit = 8, otherApp }), chainOf(honest(four))},
		{"lunatic of uneven validators", with(honest(uneven), func(p *plan) {
			p.from, p.edit = 9, otherApp
			p.flags = []types.BlockIDFlag{2, 2, 3, 1, 2}
		}), chainOf(honest(uneven))},
		turnover(),
		forward(four),
	}
}

// turnover makes the light client go through several headers, and the primary leave the chain after some of them.
// All sets change where trust by a set and by the next one reach equally far.
func turnover() attack {
	sets := []members{membersOf("a", 10, 10, 10), membersOf("b", 11, 10, 9), membersOf("c", 10, 10, 12)}
	era := func(height int64) int { return boolInt(height > 5) + boolInt(height > 9) }
	at := func(height int64) members { return sets[era(height)] }
	lying := append([]members{}, sets...)
	lying[2] = membersOf("d", 7, 1, 1)
	lies := func(height int64) members { return lying[era(height)] }
	return attack{"lunatic with other validators",
		chainOf(plan{length: target, members: lies}), chainOf(plan{length: target, members: at})}
}

// forward lunatic: the primary claims a height that the chain has not reached, at a time that has passed.
func forward(m members) attack {
	ahead := chainOf(plan{length: target, members: func(int64) members { return m }, from: 5,
		edit: func(h *types.Header) {
			h.AppHash = hashOf("another state")
			h.Time = start.Add(4*time.Second + time.Duration(h.Height)*time.Millisecond)
		}})
	return attack{"forward lunatic", ahead, chainOf(plan{length: 7, members: func(int64) members { return m }})}
}

func boolInt(is bool) int {
	if is {
		return 1
	}
	return 0
}
