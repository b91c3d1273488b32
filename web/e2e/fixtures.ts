import { type Browser, type BrowserContext, test as base, expect, type Locator, type Page } from '@playwright/test';
import { Server } from './server.ts';

export { expect };

export const password = 'a horse and a battery';
let names = 0;

/** Somebody with a browser of their own. Any error of the page, refused resource or foreign request fails the test. */
export class Person {
  readonly troubles: string[] = [];

  constructor(
    readonly name: string,
    readonly context: BrowserContext,
    public page: Page,
  ) {
    this.watch(page);
  }

  static async signUp(
    browser: Browser,
    server: Server,
    displayName: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options });
    const person = new Person(`${displayName.toLowerCase().replace(/[^a-z]/g, '')}.${names++}`, context, await context.newPage());
    await person.page.goto(server.url);
    await person.page.getByLabel('Name', { exact: true }).fill(person.name);
    await person.page.getByLabel('Display name').fill(displayName);
    await person.page.getByLabel('Password', { exact: true }).fill(password);
    await person.page.getByRole('button', { name: 'Create account', exact: true }).click();
    await expect(person.chats).toBeVisible();
    return person;
  }

  get chats(): Locator {
    return this.page.getByRole('navigation', { name: 'Chats' });
  }

  chatRow(name: string): Locator {
    return this.chats.getByRole('link', { name });
  }

  get composer(): Locator {
    return this.page.getByLabel('Message', { exact: true });
  }

  get status(): Locator {
    return this.page.getByRole('status').filter({ visible: true }).filter({ hasText: /./ });
  }

  /** The message of this text, with its time and ticks. */
  message(text: string): Locator {
    return this.page
      .getByRole('listitem')
      .filter({ hasText: text })
      .filter({ has: this.page.locator('time') })
      .and(this.page.locator('ol li'));
  }

  ticks(text: string): Locator {
    return this.message(text).getByRole('img');
  }

  async startChat(other: Person): Promise<void> {
    await this.page.getByRole('button', { name: 'New chat' }).click();
    await this.page.getByLabel('Find by name').fill(other.name);
    await this.page.getByRole('button', { name: `@${other.name}` }).click();
    await expect(this.composer).toBeVisible();
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    // Where a finger types, Enter breaks the line.
    if (await this.page.evaluate(() => matchMedia('(pointer: coarse)').matches))
      await this.page.getByRole('button', { name: 'Send' }).click();
    else await this.composer.press('Enter');
  }

  async logIn(): Promise<void> {
    await this.page.getByRole('button', { name: 'Have an account? Log in' }).click();
    await this.page.getByLabel('Name', { exact: true }).fill(this.name);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Log in', exact: true }).click();
  }

  async newTab(): Promise<Page> {
    const page = await this.context.newPage();
    this.watch(page);
    return page;
  }

  watch(page: Page): void {
    page.on('pageerror', (error) => this.troubles.push(`${this.name}: ${error.message}`));
    page.on('console', (message) => {
      // A server that is down is part of these tests; what the page itself does wrong is not.
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection/.test(message.text()))
        this.troubles.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) this.troubles.push(`foreign request: ${request.url()}`);
    });
  }
}

interface Fixtures {
  server: Server;
  signUp: (displayName: string, options?: Parameters<Browser['newContext']>[0]) => Promise<Person>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures wanted from the pattern.
  server: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.stop();
  },
  signUp: async ({ browser, server }, use) => {
    const people: Person[] = [];
    await use(async (displayName, options) => {
      const person = await Person.signUp(browser, server, displayName, options);
      people.push(person);
      return person;
    });
    for (const person of people) await person.context.close();
    expect(people.flatMap((person) => person.troubles)).toEqual([]);
  },
});
