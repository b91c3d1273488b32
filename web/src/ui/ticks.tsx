import { useTranslation } from 'react-i18next';
import type { MessageState } from '../state/messages.ts';
import { AlertIcon, ClockIcon, TickIcon, TwoTicksIcon } from './icons.tsx';

/** Where an own message stands, in shape, label and colour: a clock, one tick, two ticks, two ticks on a disc, an alert. */
export function Ticks({ state, className = '' }: { state: MessageState; className?: string }) {
  const { t } = useTranslation();
  return (
    <span role="img" aria-label={t(`state.${state}`)} data-state={state} className={`inline-flex items-center ${className}`}>
      {state === 'pending' && <ClockIcon className="size-3.5" />}
      {state === 'sent' && <TickIcon className="size-4" />}
      {state === 'delivered' && <TwoTicksIcon className="size-4" />}
      {state === 'read' && (
        <span className="inline-flex size-4 items-center justify-center rounded-full bg-read text-raised">
          <TwoTicksIcon className="size-3" />
        </span>
      )}
      {state === 'failed' && <AlertIcon className="size-4 text-danger" />}
    </span>
  );
}
