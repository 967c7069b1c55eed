/**
 * A module worker under the page's policy, which it inherits from a blob; started from its own address it would be
 * under none.
 * @param address of its script
 */
export function pageWorker(address: string, name: string): Worker {
  const url = URL.createObjectURL(new Blob([firstScript(address)], { type: 'text/javascript' }));
  return new Worker(url, { type: 'module', name });
}

/**
 * Firefox asks the service worker for what a worker imports while it runs, not for what its first script is made of;
 * without a network only the former is there. So the script is imported late, and what is sent to the worker until
 * then is kept for it.
 */
function firstScript(address: string): string {
  return `
    const early = [];
    const keep = ({ data }) => early.push(data);
    addEventListener('message', keep);
    import(${JSON.stringify(address)}).then(
      () => {
        removeEventListener('message', keep);
        for (const data of early) dispatchEvent(new MessageEvent('message', { data }));
      },
      (error) => reportError(error),
    );`;
}
