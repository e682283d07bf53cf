export interface Example {
  name: string;
  query: string;
  variablesFor?: (viewerId: string) => Record<string, unknown>;
  isBeside?: boolean;
}
/** For the test that validates each example against the schema. */
export declare const examplesIn: (language: 'en' | 'fr') => readonly Example[];
