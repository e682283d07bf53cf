/** The part of SaxonJS that is used; the package brings no types. */
declare module 'saxon-js' {
  const saxon: {
    getResource(options: { type: 'xml'; text: string }): Promise<unknown>;
    transform(options: object): { principalResult: string };
    XPath: { evaluate(expression: string, context: unknown, options: object): unknown };
  };
  export default saxon;
}
