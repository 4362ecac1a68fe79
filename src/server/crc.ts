/** CRC-32 (RFC 1952, section 8): polynomials over GF(2), the coefficient of x⁰ in the highest bit. */
const POLYNOMIAL = 0xedb88320
const ONE = 0x80000000

/**
 * The CRC-32 of two sequences of bytes, the second after the first, from those of each.
 *
 * @param shift by the length of the second
 */
export function joinedCrc(first: number, second: number, shift: number): number {
  return (product(shift, first) ^ second) >>> 0
}

/** x to the power of so many bytes' bits: what bytes that follow do to a CRC. */
export function crcShift(bytes: number): number {
  let result = ONE
  // x⁸, then its square, and so on.
  let power = ONE >>> 8
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = product(power, result)
    power = product(power, power)
  }
  return result
}

function product(a: number, b: number): number {
  let sum = 0
  let times = b
  for (let bit = ONE; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) sum ^= times
    times = (times & 1) === 0 ? times >>> 1 : (times >>> 1) ^ POLYNOMIAL
  }
  return sum >>> 0
}
