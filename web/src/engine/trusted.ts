import workerUrl from './worker.ts?worker&url';

interface TrustedTypesFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): URL };
}

// The pages run under require-trusted-types-for 'script' with this one policy, which allows this one URL.
const factory = (globalThis as { trustedTypes?: TrustedTypesFactory }).trustedTypes;
const policy = factory?.createPolicy('parley', {
  createScriptURL(url) {
    if (url === workerUrl) return url;
    throw new TypeError(`Not a script of Parley: ${url}`);
  },
});

export function createEngineWorker(): Worker {
  return new Worker(policy ? policy.createScriptURL(workerUrl) : workerUrl, { type: 'module', name: 'parley-engine' });
}
