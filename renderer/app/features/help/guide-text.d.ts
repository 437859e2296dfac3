/** The guide as HTML; the build makes it (`guide` in vite.config.ts). */
declare module '*/docs/guide.md' {
  const html: string;
  export default html;
}
