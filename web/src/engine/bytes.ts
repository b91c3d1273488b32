import type { Base64 } from './boundary.ts';

// btoa and atob take text of one byte a character; String.fromCharCode takes its bytes as arguments, so in pieces.
const pieceBytes = 8192;

export function toBase64(bytes: Uint8Array): Base64 {
  let text = '';
  for (let start = 0; start < bytes.length; start += pieceBytes)
    text += String.fromCharCode(...bytes.subarray(start, start + pieceBytes));
  return btoa(text);
}

export function fromBase64(base64: Base64): Uint8Array<ArrayBuffer> {
  // Tickets come in the URL's alphabet, without padding.
  const text = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

export function randomBase64(length: number): Base64 {
  return toBase64(crypto.getRandomValues(new Uint8Array(length)));
}

export function randomHex(length: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
