import { useTranslation } from 'react-i18next';
import { Notice } from './notice.tsx';

/** Browsers give locks, workers' stores and keys to secure contexts only; on plain HTTP off localhost this page says why and what to do. */
export function InsecurePage() {
  const { t } = useTranslation();
  const secure = new URL(window.location.href);
  secure.protocol = 'https:';
  return (
    <Notice title={t('insecure.title')} body={t('insecure.why')}>
      <h2 className="font-semibold text-body">{t('insecure.whatTitle')}</h2>
      <ul className="flex list-disc flex-col gap-2 ps-5">
        <li>{t('insecure.open')}</li>
        <li>{t('insecure.local')}</li>
        <li>{t('insecure.operator')}</li>
      </ul>
      <a
        href={secure.href}
        className="target ring-focus inline-flex items-center justify-center rounded-xl bg-accent px-4 py-2 font-semibold text-on-accent hover:bg-accent-strong"
      >
        {t('insecure.tryHttps')}
      </a>
    </Notice>
  );
}
