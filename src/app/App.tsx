import { Suspense, useEffect, useState } from 'react';
import { ClearedNotice } from './ClearedNotice.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import { isPath, type Path, pages } from './pages.ts';
import { readRoute } from './route.ts';
import { VersionNotice } from './VersionNotice.tsx';
import { ViewBoundary } from './ViewBoundary.tsx';

function pathNow(): Path {
  const { path } = readRoute(location.hash);
  return isPath(path) ? path : '/layers';
}

export function App() {
  const [path, setPath] = useState(pathNow);
  useEffect(() => {
    const follow = (): void => setPath(pathNow());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const { name, View } = pages[path];
  return (
    <>
      <button
        type="button"
        className="skip-link"
        // No link: what stands behind the # is the settings.
        onClick={() => document.getElementById('main')?.focus()}
      >
        Skip to the lab
      </button>
      <Header path={path} />
      <VersionNotice />
      <ClearedNotice />
      <main id="main" tabIndex={-1}>
        <ViewBoundary key={path} name={name}>
          <Suspense fallback={<p role="status">Loading the page…</p>}>
            <View />
          </Suspense>
        </ViewBoundary>
      </main>
      <Footer />
    </>
  );
}
