/** A person's browser, as far as the identity provider's pages need one: cookies, redirects and forms. */
export function createBrowser() {
  const cookies = new Map<string, string>();

  async function go(url: string, form?: URLSearchParams): Promise<{ url: string; html: string }> {
    const response = await fetch(url, {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      ...(form === undefined ? {} : { body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (location !== null) return go(new URL(location, url).href);
    return { url, html: await response.text() };
  }

  /** Fields of the page's form, and where it goes. */
  function readForm(page: { readonly url: string; readonly html: string }) {
    const action = /<form[^>]*action="([^"]*)"/.exec(page.html)?.[1];
    const fields = [...page.html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(
      ([input]): [string, string] => [
        /name="([^"]*)"/.exec(input)?.[1] ?? "",
        /value="([^"]*)"/.exec(input)?.[1] ?? "",
      ],
    );
    const target = new URL((action ?? page.url).replaceAll("&amp;", "&"), page.url).href;
    return { action: target, form: new URLSearchParams(fields) };
  }

  /** The link's page posts the code by itself; then the question whether the code is right. */
  async function open(url: string) {
    const { action, form } = readForm(await go(url));
    return readForm(await go(action, form));
  }

  return {
    /** Says that the code is right, and signs in as somebody. Answers with the last page. */
    async signIn(url: string, email: string): Promise<string> {
      const { action, form } = await open(url);
      form.set("confirm", "yes");
      const login = await go(action, form);
      return (await go(login.url, new URLSearchParams({ email }))).html;
    },
    async refuse(url: string): Promise<void> {
      const { action, form } = await open(url);
      form.set("abort", "yes");
      await go(action, form);
    },
  };
}
