// Ed25519 signatures checked without the browser's help (RFC 8032 5.1.7): for browsers whose WebCrypto lacks the curve
// and for pages opened without HTTPS, where there is no WebCrypto at all. Checks only; it never sees a private key.

const P = 2n ** 255n - 19n, ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a, m = P) => ((a % m) + m) % m;

function power(base, exponent) {
  let result = 1n;
  for (base = mod(base); exponent > 0n; exponent >>= 1n, base = (base * base) % P) if (exponent & 1n) result = (result * base) % P;
  return result;
}

const inverse = (a) => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n)), ROOT = power(2n, (P - 1n) / 4n); // the curve's constant, a root of -1
const little = (bytes) => [...bytes].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** The x of a y on the curve with the wanted parity, or null when there is none. */
function recover(y, odd) {
  if (y >= P) return null;
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  let x = power(square, (P + 3n) / 8n);
  if (mod(x * x - square) !== 0n) x = (x * ROOT) % P;
  if (mod(x * x - square) !== 0n || (x === 0n && odd)) return null;
  return (x & 1n) === BigInt(odd) ? x : P - x;
}

// Points as X:Y:Z:T with x = X/Z, y = Y/Z, xy = T/Z.
function point(bytes) {
  const number = little(bytes), y = number & ((1n << 255n) - 1n), x = recover(y, number >> 255n === 1n);
  return x === null ? null : [x, y, 1n, (x * y) % P];
}

function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * t1 * t2 * D), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function times(factor, base) {
  let sum = [0n, 1n, 1n, 0n];
  for (; factor > 0n; factor >>= 1n, base = add(base, base)) if (factor & 1n) sum = add(sum, base);
  return sum;
}

const BASE_Y = mod(4n * inverse(5n)), BASE_X = recover(BASE_Y, false), BASE = [BASE_X, BASE_Y, 1n, mod(BASE_X * BASE_Y)];
const same = (p, q) => mod(p[0] * q[2] - q[0] * p[2]) === 0n && mod(p[1] * q[2] - q[1] * p[2]) === 0n;

const WORD = (1n << 64n) - 1n;
const primes = (count) => {
  const found = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime)) found.push(n);
  return found;
};

/** The first 64 bits of the fraction of the root of n: integer root of n shifted far to the left. */
function fraction(n, degree) {
  const wanted = BigInt(n) << (64n * BigInt(degree));
  let low = 0n, high = 1n << 72n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** BigInt(degree) <= wanted) low = middle; else high = middle - 1n;
  }
  return low & WORD;
}

const START = primes(8).map((n) => fraction(n, 2)), ROUND = primes(80).map((n) => fraction(n, 3)); // FIPS 180-4, 4.2.3
const turn = (x, n) => ((x >> n) | (x << (64n - n))) & WORD;

/** SHA-512 of bytes (FIPS 180-4, 6.4). */
export function sha512(message) {
  const padded = new Uint8Array(((message.length + 17 + 127) >> 7) << 7);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, message.length * 8);
  const view = new DataView(padded.buffer);
  let state = START;
  for (let block = 0; block < padded.length; block += 128) {
    const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(block + 8 * i));
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15], y = w[i - 2];
      w.push((w[i - 16] + (turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n)) + w[i - 7] + (turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n))) & WORD);
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 80; i++) {
      const one = h + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + ((e & f) ^ (~e & WORD & g)) + ROUND[i] + w[i];
      const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [a, b, c, d, e, f, g, h] = [(one + two) & WORD, a, b, c, (d + one) & WORD, e, f, g];
    }
    state = [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) & WORD);
  }
  const out = new DataView(new ArrayBuffer(64));
  state.forEach((word, i) => out.setBigUint64(8 * i, word));
  return new Uint8Array(out.buffer);
}

/** Whether a signature (64 bytes) over a message was made with the private half of a public key (32 bytes). */
export function verifyEd25519(publicKey, message, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const key = point(publicKey), r = point(signature.subarray(0, 32)), s = little(signature.subarray(32));
  if (!key || !r || s >= ORDER) return false;
  const k = mod(little(sha512(new Uint8Array([...signature.subarray(0, 32), ...publicKey, ...message]))), ORDER);
  return same(times(s, BASE), add(r, times(k, key)));
}
