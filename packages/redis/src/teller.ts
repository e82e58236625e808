/** A function that tells a listener of an event, where there is one. */
export function teller<Type extends string>(
  onEvent: ((event: { readonly type: Type; readonly message: string }) => void) | undefined,
): (type: Type, message: string) => void {
  return (type, message) => onEvent?.({ type, message });
}
