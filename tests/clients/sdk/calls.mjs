// Runs each call, says how it went, and counts.
export class Calls {
  #wanted;
  #good = 0;
  #bad = [];

  /** @param {string} [wanted] only the calls whose name holds this. */
  constructor(wanted) {
    this.#wanted = wanted;
  }

  async run(name, call) {
    if (this.#wanted && !name.includes(this.#wanted)) {
      return undefined;
    }

    try {
      const result = await call();
      this.#good++;
      return result;
    } catch (error) {
      const why = `${error.statusCode ?? ''} ${error.code ?? ''} ${error.message}`.trim().slice(0, 600);
      this.#bad.push(`${name}: ${why}`);
      console.log(`FAILED ${name}: ${why}`);
      return undefined;
    }
  }

  /** The call must be refused with this status and code; what it answered is an error's body. */
  refused(name, status, code, call) {
    return this.run(name, async () => {
      try {
        await call();
      } catch (error) {
        if (error.statusCode === status && (error.code === code || error.details?.error?.code === code)) {
          return error;
        }

        throw error;
      }

      throw new Error(`was answered, and ought to be refused with ${status} ${code}`);
    });
  }

  report() {
    console.log(`${this.#good} calls passed, ${this.#bad.length} failed.`);
    return this.#bad.length === 0 ? 0 : 1;
  }
}

/** Everything that an SDK's paging gives. */
export async function all(pages) {
  const items = [];
  for await (const item of pages) {
    items.push(item);
  }

  return items;
}
