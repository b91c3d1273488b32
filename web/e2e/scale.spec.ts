import type { Page } from '@playwright/test';
import { expect, password, test } from './fixtures.ts';

const chatCount = 500;
const messageCount = 100_000;
const bigChat = '01900000-0000-7000-8000-000000000000';

test('500 chats and 100,000 messages: few rows in the page, and what comes above moves nothing', async ({ signUp }) => {
  test.slow();
  const alice = await signUp('Alice');
  const { page } = alice;
  await expect(page.getByText('No chats yet.')).toBeVisible();
  // A start that is under way would break off in the middle.
  await expect.poll(() => page.evaluate(() => performance.getEntriesByName('parley-engine-ready').length)).toBe(1);
  // The store alone, since no server has so long a chat here: the engine stays away.
  await alice.context.route('**/engine/**', (route) => route.abort());
  await page.reload();
  await seed(page);
  await page.goto(`${new URL(page.url()).origin}/#/c/${bigChat}`);
  await page.reload();

  await expect(page.getByText(`message ${messageCount}.`)).toBeVisible();
  await expect(alice.chats.getByRole('link').first()).toBeVisible();
  expect(await rowsInPage(page)).toBeLessThanOrEqual(150);
  expect(await alice.chats.getByRole('listitem').count()).toBeLessThanOrEqual(60);

  for (let turn = 0; turn < 4; turn++) {
    const { moved, grew } = await scrollToTop(page);
    expect(grew).toBe(true);
    expect(moved).toBeLessThanOrEqual(1);
    expect(await rowsInPage(page)).toBeLessThanOrEqual(150);
  }
  await page.getByRole('button', { name: 'To the newest message' }).click();
  await expect(page.getByText(`message ${messageCount}.`)).toBeInViewport();
});

test('what comes from the server above moves nothing', async ({ signUp }) => {
  test.slow();
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  // More than a new device fetches at once.
  for (let n = 1; n <= 330; n++)
    await alice.send(n % 5 === 0 ? `number ${n}. ${'Words that fill lines. '.repeat(n % 9)}` : `number ${n}.`);
  await expect(alice.ticks('number 330.')).toHaveAccessibleName('Delivered', { timeout: 60_000 });
  await bob.chatRow('Alice').click();
  await bob.send('seen');
  await expect(alice.message('seen')).toBeVisible();
  await bob.page.getByRole('button', { name: 'Account and settings' }).click();
  await bob.page.getByRole('menuitem', { name: 'Log out' }).click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();
  await bob.logIn();
  await bob.chatRow('Alice').click();
  await expect(bob.message('seen')).toBeInViewport();

  const moves = [];
  for (let turn = 0; turn < 3; turn++) moves.push(await jumpToTop(bob.page));
  expect(moves.map(({ grew }) => grew)).toEqual([true, true, true]);
  for (const { moved } of moves) expect(moved).toBeLessThanOrEqual(1);
});

test('a chat opened while thousands of messages come stays at the first unread one, and only what was seen is read', async ({
  signUp,
  server,
}) => {
  test.slow();
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await bob.startChat(alice);
  await bob.send('before');
  await alice.chatRow('Bob').click();
  await expect(alice.message('before')).toBeVisible();
  await expect(bob.ticks('before')).toHaveAccessibleName('Read');
  await alice.page.goto('about:blank');
  server.sendLines(
    { name: bob.name, password },
    alice.name,
    Array.from({ length: 3_000 }, (_, n) => `line ${n + 1}.`),
  );

  await alice.page.goto(server.url);
  await alice.chatRow('Bob').click();
  const first = alice.message('line 1.');
  await expect(first).toBeInViewport();
  await expect(alice.chatRow('Bob')).toContainText('line 3000.', { timeout: 60_000 });
  await expect(first).toBeInViewport();
  await expect(alice.page.getByText('Unread messages')).toBeInViewport();
  await expect(alice.chatRow('Bob')).toContainText('99+');

  await alice.page.getByRole('button', { name: 'newest message' }).click();
  await expect(alice.message('line 3000.')).toBeInViewport();
  server.sendLines(
    { name: bob.name, password },
    alice.name,
    Array.from({ length: 1_000 }, (_, n) => `more ${n + 1}.`),
  );
  await expect(alice.message('more 1000.')).toBeInViewport({ timeout: 60_000 });
});

const rowsInPage = (page: Page) => page.locator('main ol li').count();

/** Scrolls near the top, waits for older messages above, and answers how far the message in sight has moved. */
function scrollToTop(page: Page): Promise<{ moved: number; grew: boolean }> {
  return page.evaluate(async () => {
    const frames = (count: number) =>
      new Promise<void>((resolve) => {
        const next = (left: number) => (left === 0 ? resolve() : requestAnimationFrame(() => next(left - 1)));
        next(count);
      });
    const scroller = document.querySelector('main section') as HTMLElement;
    const textOf = (row: Element) => row.querySelector('[dir=auto]')?.textContent ?? '';
    const rows = () => [...scroller.querySelectorAll('li')].filter((row) => textOf(row) !== '');
    // In small steps, as a finger does, so that every row has been measured before it is judged.
    let before = scroller.scrollHeight;
    while (scroller.scrollTop > 900) {
      scroller.scrollTop -= 600;
      await frames(2);
    }
    before = scroller.scrollHeight;
    scroller.scrollTop = 150;
    await frames(1);
    const held = rows().find((row) => row.getBoundingClientRect().top > scroller.getBoundingClientRect().top + 20);
    const text = held ? textOf(held) : '';
    const top = held?.getBoundingClientRect().top ?? 0;
    const startedMs = performance.now();
    while (scroller.scrollHeight - before < 1_000 && performance.now() - startedMs < 5_000) await frames(1);
    await frames(5);
    const now = rows().find((row) => textOf(row) === text);
    return {
      moved: now ? Math.abs(now.getBoundingClientRect().top - top) : Number.POSITIVE_INFINITY,
      grew: scroller.scrollHeight - before >= 1_000,
    };
  });
}

/** Goes to the very top, and answers how far what was in sight there has moved, at most, while older messages came above it. */
function jumpToTop(page: Page): Promise<{ moved: number; grew: boolean }> {
  return page.evaluate(async () => {
    // After the frame is painted: what moves between its callbacks and its painting is never seen.
    const { port1, port2 } = new MessageChannel();
    const frame = () =>
      new Promise((resolve) => {
        port1.onmessage = resolve;
        requestAnimationFrame(() => port2.postMessage('painted'));
      });
    const scroller = document.querySelector('main section') as HTMLElement;
    const { top, bottom: end } = scroller.getBoundingClientRect();
    const places = () =>
      new Map(
        [...scroller.querySelectorAll('li [dir=auto]')]
          .map((text) => [text.textContent, text.getBoundingClientRect()] as const)
          .filter(([, place]) => place.bottom > top && place.top < end)
          .map(([text, place]) => [text, place.bottom]),
      );
    const before = scroller.scrollHeight;
    scroller.scrollTop = 0;
    await frame();
    const held = places();
    let last = held;
    let moved = 0;
    let stillFrames = 0;
    const startedMs = performance.now();
    while (stillFrames < 20 && performance.now() - startedMs < 5_000) {
      await frame();
      const now = places();
      for (const [text, bottom] of now) {
        const was = last.get(text);
        if (was !== undefined && held.has(text)) moved = Math.max(moved, Math.abs(bottom - was));
      }
      last = now;
      stillFrames = scroller.scrollHeight - before >= 1_000 ? stillFrames + 1 : 0;
    }
    return { moved, grew: scroller.scrollHeight - before >= 1_000 };
  });
}

async function seed(page: Page): Promise<void> {
  await page.evaluate(
    async ({ chatCount, messageCount, bigChat }) => {
      const [database] = (await indexedDB.databases()).filter(({ name }) => name?.startsWith('parley-'));
      const open = indexedDB.open(database?.name ?? '');
      const store = await new Promise<IDBDatabase>((resolve, reject) => {
        open.onsuccess = () => resolve(open.result);
        open.onerror = () => reject(open.error);
      });
      const write = store.transaction(['conversations', 'entries', 'people'], 'readwrite');
      const start = Date.UTC(2026, 0, 1);
      const base = {
        kind: 'group',
        role: 'member',
        members: 3,
        applied: 1,
        lowest: 1,
        unread: 0,
        deliveredByOthers: 0,
        readByOthers: 0,
        peer: undefined,
      };
      for (let index = 0; index < chatCount; index++) {
        const id = index === 0 ? bigChat : `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`;
        const head = index === 0 ? messageCount : 1;
        const timeMs = start + index * 60_000;
        const title = index === 1 ? 'N'.repeat(64) : `Chat ${index}`;
        const lastMessage = { seq: head, author: 'somebody', timeMs, text: `the last word of chat ${index}` };
        write.objectStore('conversations').put({ ...base, id, title, head, headTimeMs: timeMs, read: head, lastMessage });
      }
      for (let seq = 1; seq <= messageCount; seq++) {
        const text =
          seq % 7 === 0
            ? `message ${seq}. ${'It takes more than one line to say this. '.repeat(1 + (seq % 5))}`
            : `message ${seq}.`;
        const author = seq % 3 === 0 ? 'somebody' : 'another';
        const entry = {
          conversation: bigChat,
          seq,
          kind: 'application',
          serverTimeMs: start + seq * 90_000,
          author,
          device: 'd',
          counts: true,
        };
        write.objectStore('entries').put({ ...entry, contentKind: 'text', text, hiddenTo: 0 });
      }
      await new Promise((resolve) => write.addEventListener('complete', resolve));
      store.close();
    },
    { chatCount, messageCount, bigChat },
  );
}
