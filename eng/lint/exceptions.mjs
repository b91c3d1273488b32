// What may break a rule, and why. `what` narrows an exception to findings whose text contains it.
export const exceptions = [
  // one source-generated JSON context names the bodies of every slice, so that metadata is made once
  { rule: 'folder-law', path: 'src/Parley.Server/Kernel/Http/ApiJson.cs' },
];
