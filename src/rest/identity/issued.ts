/**
 * What a login gives for the kind of session that the route asks for. Throws when it is not there, which would be a
 * defect of the server.
 */
export function issued<T>(carrier: T | null): T {
  if (carrier === null) throw new Error('The login opened another kind of session than the route asks for');
  return carrier;
}
