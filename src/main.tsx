if (location.hash === '#/headless') {
  const { startHeadless } = await import('./app/headless.ts');
  startHeadless();
}

export {};
