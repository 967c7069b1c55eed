import { useEffect, useState } from 'react';
import { CompareView } from '../views/compare/CompareView.tsx';
import { LayersView } from '../views/layers/LayersView.tsx';
import { PaperView } from '../views/paper/PaperView.tsx';
import { ReproduceView } from '../views/reproduce/ReproduceView.tsx';
import { TrainView } from '../views/train/TrainView.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import { readRoute } from './route.ts';

const views = {
  '/layers': LayersView,
  '/train': TrainView,
  '/compare': CompareView,
  '/paper': PaperView,
  '/reproduce': ReproduceView,
} as const;
type Path = keyof typeof views;

function pathNow(): Path {
  const { path } = readRoute(location.hash);
  return path in views ? (path as Path) : '/layers';
}

export function App() {
  const [path, setPath] = useState(pathNow);
  useEffect(() => {
    const follow = (): void => setPath(pathNow());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const View = views[path];
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
      <main id="main" tabIndex={-1}>
        <View />
      </main>
      <Footer />
    </>
  );
}
