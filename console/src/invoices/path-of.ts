/** Of the server's address only the path counts here: the console may be reached by another name. */
export const pathOf = (url: string): string => new URL(url, location.origin).pathname;
