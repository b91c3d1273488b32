import 'react';

declare module 'react' {
  interface CSSProperties {
    '--list-width'?: string;
  }
}
