import assert from 'node:assert/strict';
import { parseGasPrices } from '../chain/app/fees.ts';
import { adjustGas, feeAt, parseCoinsText, parseCoinText } from './coins.ts';

describe('coins on the command line', () => {
  it('are a whole number and a denomination', () => {
    assert.deepEqual(parseCoinText('5000udepin', 'amount'), { amount: '5000', denom: 'udepin' });
    assert.deepEqual(parseCoinText(' 0udepin ', 'amount'), { amount: '0', denom: 'udepin' });
    const huge = `${2n ** 256n - 1n}factory/depin1abc/token`;
    assert.equal(parseCoinText(huge, 'amount').denom, 'factory/depin1abc/token');
  });

  for (const text of [
    '',
    '5000',
    'udepin',
    '-1udepin',
    '1.5udepin',
    '05udepin',
    '5 udepin',
    '5ud',
    `5${'u'.repeat(129)}`,
    '5udepin;',
    '٥udepin',
    `${'9'.repeat(79)}udepin`,
  ]) {
    it(`refuse ${JSON.stringify(text).slice(0, 40)}, naming the field and the text`, () => {
      const shown = JSON.stringify(text.slice(0, 80));
      assert.throws(() => parseCoinText(text, 'amount'), {
        name: 'TypeError',
        message: `amount: expected a whole number of base units and a denomination, such as 5000udepin, got ${shown}`,
      });
    });
  }

  it('are sorted, and none stands twice', () => {
    assert.deepEqual(
      parseCoinsText('7uzed,5udepin', 'fees').map(({ denom }) => denom),
      ['udepin', 'uzed'],
    );
    assert.deepEqual(parseCoinsText('', 'fees'), []);
    assert.throws(() => parseCoinsText('1udepin,2udepin', 'fees'), /fees: udepin stands twice/);
    assert.throws(() => parseCoinsText('1udepin,', 'fees'), /got ""/);
    const many = Array.from({ length: 65 }, (_, index) => `1denom${index}`).join(',');
    assert.throws(() => parseCoinsText(many, 'fees'), /at most 64 coins, got 65/);
  });

  it('pay for gas at a price, rounded up', () => {
    const prices = parseGasPrices('0.025udepin');
    assert.deepEqual(feeAt(prices, 100n), [{ denom: 'udepin', amount: '3' }]);
    assert.deepEqual(feeAt(prices, 80n), [{ denom: 'udepin', amount: '2' }]);
    assert.deepEqual(feeAt(parseGasPrices('0udepin'), 80n), []);
  });

  it('adjust gas upwards and exactly', () => {
    assert.equal(adjustGas(100_000n, '1.4'), 140_000n);
    assert.equal(adjustGas(3n, '1.333333'), 4n);
    assert.equal(adjustGas(10n ** 17n, '1'), 10n ** 17n);
    for (const bad of ['0', '-1', '1,4', 'x', '', '1.']) {
      assert.throws(() => adjustGas(1n, bad), /--gas-adjustment: expected a number such as 1\.4/);
    }
  });
});
