/** Messages of the chain as a transaction carries them. */

import {
  MsgAcceptCheapest,
  MsgCancelOrder,
  MsgCloseLease,
  MsgCreateBid,
  MsgCreateOrder,
  MsgDeposit,
  MsgRegisterProvider,
  MsgWithdraw,
} from '../../wire/gen/depin/compute/v1/tx.ts';
import { MsgAssertLocation, MsgPayData } from '../../wire/gen/depin/coverage/v1/tx.ts';
import { MsgBuyCredits } from '../../wire/gen/depin/credits/v1/tx.ts';
import {
  MsgRegisterDevice,
  MsgRevokeDevice,
  MsgSubmitReports,
} from '../../wire/gen/depin/devices/v1/tx.ts';
import { MsgRegisterStation } from '../../wire/gen/depin/sensors/v1/tx.ts';
import type { Any } from '../../wire/gen/google/protobuf/any.ts';

interface Encoder<T> {
  encode(message: T): { finish(): Uint8Array };
}

const packer =
  <T>(typeUrl: string, type: Encoder<T>) =>
  (message: T): Any => ({ typeUrl, value: type.encode(message).finish() });

/** Packs each message that the fleet sends. */
export const pack = {
  registerDevice: packer('/depin.devices.v1.MsgRegisterDevice', MsgRegisterDevice),
  revokeDevice: packer('/depin.devices.v1.MsgRevokeDevice', MsgRevokeDevice),
  submitReports: packer('/depin.devices.v1.MsgSubmitReports', MsgSubmitReports),
  registerStation: packer('/depin.sensors.v1.MsgRegisterStation', MsgRegisterStation),
  assertLocation: packer('/depin.coverage.v1.MsgAssertLocation', MsgAssertLocation),
  payData: packer('/depin.coverage.v1.MsgPayData', MsgPayData),
  buyCredits: packer('/depin.credits.v1.MsgBuyCredits', MsgBuyCredits),
  registerProvider: packer('/depin.compute.v1.MsgRegisterProvider', MsgRegisterProvider),
  createOrder: packer('/depin.compute.v1.MsgCreateOrder', MsgCreateOrder),
  cancelOrder: packer('/depin.compute.v1.MsgCancelOrder', MsgCancelOrder),
  createBid: packer('/depin.compute.v1.MsgCreateBid', MsgCreateBid),
  acceptCheapest: packer('/depin.compute.v1.MsgAcceptCheapest', MsgAcceptCheapest),
  deposit: packer('/depin.compute.v1.MsgDeposit', MsgDeposit),
  withdraw: packer('/depin.compute.v1.MsgWithdraw', MsgWithdraw),
  closeLease: packer('/depin.compute.v1.MsgCloseLease', MsgCloseLease),
};
