/** For the test that validates each example against the schema. */
export declare const examples: readonly { name: string; query: string; variables?: Record<string, unknown> }[];
