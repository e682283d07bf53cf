import { Bar, BarChart as Chart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useFormat } from '../i18n/format';
import styles from './bar-chart.module.css';

const colours = ['var(--chart-1)', 'var(--chart-2)', 'var(--chart-3)', 'var(--chart-4)'];

/** Names that would stand across each other, or beyond the chart. */
const shortened =
  (count: number) =>
  (name: string): string => {
    const most = count > 6 ? 12 : 20;
    return name.length > most ? `${name.slice(0, most - 1)}…` : name;
  };

interface BarChartProps {
  label: string;
  /** A bar each, from the left; `values` in the order of `series`, one upon the other. */
  rows: readonly { name: string; values: readonly number[] }[];
  series: readonly string[];
  height?: number;
}

/** Stacked bars, and for readers of the screen the same as a table. */
export function BarChart({ label, rows, series, height = 200 }: BarChartProps) {
  const format = useFormat();
  const data = rows.map(({ name, values }) => ({ name, ...values }));
  return (
    <figure className={styles.figure} aria-label={label}>
      <figcaption className={styles.legend}>
        {series.map((name, index) => (
          <span key={name}>
            <i style={{ background: colours[index] }} aria-hidden />
            {name}
          </span>
        ))}
      </figcaption>
      <div aria-hidden>
        <ResponsiveContainer width="100%" height={height}>
          <Chart data={data} margin={{ top: 4, right: 4, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="name"
              stroke="var(--quiet)"
              tickLine={false}
              fontSize={12}
              minTickGap={24}
              tickFormatter={shortened(rows.length)}
            />
            <YAxis
              stroke="var(--quiet)"
              tickLine={false}
              axisLine={false}
              width={48}
              fontSize={12}
              allowDecimals={false}
              tickFormatter={(value: number) => format.number(value, { notation: 'compact' })}
            />
            <Tooltip
              cursor={{ fill: 'var(--hover)' }}
              contentStyle={{ background: 'var(--raised)', border: '1px solid var(--line)', borderRadius: 8 }}
              labelStyle={{ color: 'var(--text)' }}
              itemStyle={{ color: 'var(--text)' }}
            />
            {series.map((name, index) => (
              <Bar
                key={name}
                name={name}
                dataKey={String(index)}
                stackId="all"
                fill={colours[index] ?? 'var(--chart-1)'}
                maxBarSize={28}
                isAnimationActive={false}
              />
            ))}
          </Chart>
        </ResponsiveContainer>
      </div>
      {/* Around it: a table is as wide as its words, whatever its own width is. */}
      <div className="visually-hidden">
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <td />
              {series.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, values }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {series.map((each, index) => (
                  <td key={each}>{format.number(values[index])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}
