/** For the test that runs the samples. */
export declare function curlOf(document: object, of: { path: string; method: string; operation: object }): string;
