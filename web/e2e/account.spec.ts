import { expect, test } from './fixtures.ts';

test('signs up, logs out, and logs in again to the same chats', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('before logging out');
  await expect(alice.ticks('before logging out')).toHaveAccessibleName(/Sent|Delivered/);

  await alice.page.getByRole('button', { name: 'Account and settings' }).click();
  await alice.page.getByRole('menuitem', { name: 'Log out' }).click();
  await alice.page.getByRole('dialog').getByRole('button', { name: 'Log out' }).click();
  await expect(alice.page.getByRole('heading', { name: 'Create your account' })).toBeVisible();
  expect(await alice.page.evaluate(async () => (await indexedDB.databases()).length)).toBe(0);

  await alice.logIn();
  await alice.chatRow('Bob').click();
  await expect(alice.message('before logging out')).toBeVisible();
});

test('a device that was logged out warns of what it has not sent before it logs in again', async ({ signUp }) => {
  const alice = await signUp('Alice');
  const bob = await signUp('Bob');
  await alice.startChat(bob);
  await alice.send('before');
  await expect(alice.ticks('before')).toHaveAccessibleName(/Sent|Delivered/);
  // As another device of the account would do it.
  const revoke = async () => (await fetch('/api/v1/sessions/current', { method: 'DELETE' })).ok;
  expect(await alice.page.evaluate(revoke)).toBe(true);
  await expect(alice.status).toContainText('This device was logged out.');
  await alice.send('never sent');
  const logIn = alice.page.getByRole('button', { name: 'Log in again' });
  await logIn.click();
  const dialog = alice.page.getByRole('dialog');
  await expect(dialog).toContainText('1 message has not been sent yet. It would be lost.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(alice.message('never sent')).toBeVisible();
  await logIn.click();
  await dialog.getByRole('button', { name: 'Log in again' }).click();
  await alice.logIn();
  await alice.chatRow('Bob').click();
  await expect(alice.message('before')).toBeVisible();
});

test('says what is wrong with a name that is taken and a password that is not right', async ({ signUp, browser, server }) => {
  const alice = await signUp('Alice');
  const page = await (await browser.newContext()).newPage();
  await page.goto(server.url);
  await page.getByLabel('Name', { exact: true }).fill('Al');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create account', exact: true }).click();
  await expect(page.getByText('A name has 3 to 32')).toBeVisible();
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.getByLabel('Name', { exact: true }).fill(alice.name);
  await page.getByRole('button', { name: 'Create account', exact: true }).click();
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Password', { exact: true }).fill('another password');
  await page.getByRole('button', { name: 'Create account', exact: true }).click();
  await expect(page.getByText('This name is taken.')).toBeVisible();
  await page.getByRole('button', { name: 'Have an account? Log in' }).click();
  await page.getByLabel('Name', { exact: true }).fill(alice.name);
  await page.getByLabel('Password', { exact: true }).fill('another password');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('alert')).toHaveText('Name or password is not right.');
  await page.context().close();
});
