import type { ModuleSimulation, SimulationWorld } from '../../chain/testing/simulation.ts';

/** A height that no simulation comes to: at its plan's height a program without the upgrade has to halt. */
const NEVER = 1_000_000_000;

function plan({ random }: SimulationWorld) {
  const height = (NEVER + random.integer(0, NEVER)).toString();
  return { name: `upgrade-${random.integer(1, 9)}`, height, info: '' };
}

/** Plans that are made and taken back, but never come. */
export const simulation: ModuleSimulation = {
  fields: { 'MsgSoftwareUpgrade.plan': plan },
  forgets: ['CurrentPlan'],
};
