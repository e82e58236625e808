/**
 * Where a thread finds the plugin of a package, whichever build this one is: the package's entry beside the file.
 *
 * @param url the file's own `import.meta.url`; a bundle knows none, and the name of the package has to do
 */
export function pluginModule(url: string | undefined, packageName: string): string {
  if (url === undefined) return packageName;
  return new URL(url.endsWith(".ts") ? "./index.ts" : "./index.js", url).href;
}
