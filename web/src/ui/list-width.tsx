import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

const least = 320;
const most = 420;
const stepPx = 20;
const key = 'parley.listWidth';

const clamp = (width: number) => Math.min(most, Math.max(least, Math.round(width)));

export function useListWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => clamp(Number(localStorage.getItem(key)) || 360));
  const keep = (wanted: number) => {
    localStorage.setItem(key, String(clamp(wanted)));
    setWidth(clamp(wanted));
  };
  return [width, keep];
}

/** The edge between the list and the chat: dragged, or moved with the arrow keys. */
export function ListResizer({ width, onChange }: { width: number; onChange(width: number): void }) {
  const { t } = useTranslation();
  const sign = () => (document.documentElement.dir === 'rtl' ? -1 : 1);
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const pane = event.currentTarget.parentElement?.getBoundingClientRect();
    if (pane) onChange(sign() > 0 ? event.clientX - pane.x : pane.x + pane.width - event.clientX);
  };
  const press = (event: KeyboardEvent) => {
    const towardsEnd = { ArrowRight: sign(), ArrowLeft: -sign() }[event.key];
    if (towardsEnd !== undefined) onChange(width + towardsEnd * stepPx);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that is moved is a control; <hr> cannot be one.
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={t('list.resize')}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
      className="ring-inside absolute inset-y-0 -end-1 z-10 hidden w-2 cursor-col-resize touch-none hover:bg-press wide:block"
    />
  );
}
