// Monaco makes style elements while it runs; under the page's policy each needs the nonce. It is imported before Monaco.
const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
if (nonce) {
  const make = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = make(name, options);
    if (name.toLowerCase() === 'style') (element as HTMLStyleElement).nonce = nonce;
    return element;
  }) as typeof document.createElement;
}
export {};
