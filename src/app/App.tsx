import { LayersView } from '../views/layers/LayersView.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';

export function App() {
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the lab
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <LayersView />
      </main>
      <Footer />
    </>
  );
}
