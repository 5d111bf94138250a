/** The depind message types as a CosmJS Registry takes them. */
import type { GeneratedType } from '@cosmjs/proto-signing';
import { MsgBuyCredits } from '../../wire/gen/depin/credits/v1/tx.ts';
import {
  MsgRegisterDevice,
  MsgRevokeDevice,
  MsgRotateKey,
  MsgSubmitReports,
} from '../../wire/gen/depin/devices/v1/tx.ts';
import { MsgRegisterStation } from '../../wire/gen/depin/sensors/v1/tx.ts';

export function depindTypes(): [string, GeneratedType][] {
  const types: Record<string, unknown> = {
    '/depin.devices.v1.MsgRegisterDevice': MsgRegisterDevice,
    '/depin.devices.v1.MsgRotateKey': MsgRotateKey,
    '/depin.devices.v1.MsgRevokeDevice': MsgRevokeDevice,
    '/depin.devices.v1.MsgSubmitReports': MsgSubmitReports,
    '/depin.sensors.v1.MsgRegisterStation': MsgRegisterStation,
    '/depin.credits.v1.MsgBuyCredits': MsgBuyCredits,
  };
  return Object.entries(types) as [string, GeneratedType][];
}
