import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { type LightPage, serveLightPage } from './lightPage.ts';

describe('serving the page of the light client', () => {
  let folder: string;
  let server: FastifyInstance;
  let page: LightPage;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depind-page-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'main.js'), 'start();');
    await writeFile(join(folder, 'secret.txt'), 'not of the page');
    server = fastify();
    const ports = { rpcPort: 26_657, witnessPorts: [41_001, 41_002] };
    page = await serveLightPage(server, { chainId: 'test-1', ...ports, folder });
  });

  after(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const get = (url: string, host = 'localhost:1317') => server.inject({ url, headers: { host } });

  it('has no settings before the first block, then the trusted header', async () => {
    assert.equal((await get('/light/config.json')).statusCode, 503);
    const trust = { height: 3, hash: 'AB'.repeat(32) };
    page.begin(trust);
    assert.deepEqual((await get('/light/config.json')).json(), {
      chainId: 'test-1',
      rpcPort: 26_657,
      witnessPorts: [41_001, 41_002],
      trust,
    });
  });

  it('opens at /light and serves its files with their types', async () => {
    const redirect = await get('/light');
    assert.deepEqual([redirect.statusCode, redirect.headers.location], [302, '/light/']);
    for (const [url, type, body] of [
      ['/light/', 'text/html; charset=utf-8', '<!doctype html>'],
      ['/light/main.js', 'text/javascript; charset=utf-8', 'start();'],
    ] as const) {
      const answer = await get(url);
      assert.deepEqual([answer.headers['content-type'], answer.body], [type, body]);
    }
  });

  it('lets the page ask the nodes under the name by which it was reached, and nobody else', async () => {
    const policyFor = async (host: string) => {
      const answer = await get('/light/', host);
      return /connect-src ([^;]*)/.exec(String(answer.headers['content-security-policy']))?.[1];
    };
    const under = (name: string) =>
      [26_657, 41_001, 41_002].map((port) => `http://${name}:${port}`);
    assert.equal(await policyFor('localhost:1317'), `'self' ${under('localhost').join(' ')}`);
    assert.equal(await policyFor('192.168.1.7:80'), `'self' ${under('192.168.1.7').join(' ')}`);
    for (const host of ['a;script-src *', '[::1]:1317', 'x y']) {
      assert.equal(await policyFor(host), "'self'", host);
    }
  });

  it('serves no other file, and says what to do when the page was not built', async () => {
    for (const url of ['/light/secret.txt', '/light/..%2Fsecret.txt', '/light/style.css']) {
      const answer = await get(url);
      assert.equal(answer.statusCode, 404, url);
      assert.match(answer.body, /npm run build/);
    }
  });
});
