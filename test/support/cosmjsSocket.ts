/** CosmJS over a WebSocket, in a way that ends: its socket of 0.39 connects again even after `disconnect()`. */
import { Comet38Client, WebsocketClient } from '@cosmjs/tendermint-rpc';

export interface SocketClient {
  readonly client: Comet38Client;
  /** Disconnects for good, so that a process can end. */
  close(): void;
}

/** A client on the WebSocket of a node, from its HTTP address. */
export async function connectSocket(rpc: string): Promise<SocketClient> {
  const transport = new WebsocketClient(rpc.replace('http', 'ws'));
  const client = await Comet38Client.create(transport);
  return {
    client,
    close() {
      const { socket } = (transport as unknown as { socket: { socket: { reconnect(): void } } })
        .socket;
      socket.reconnect = () => undefined;
      client.disconnect();
    },
  };
}
