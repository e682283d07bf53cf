import styles from './brand.module.css';

export const Brand = () => (
  <a className={styles.brand} href="/console/">
    <img src="/static/favicon.svg" alt="" width="28" height="28" />
    Passerelle
  </a>
);
