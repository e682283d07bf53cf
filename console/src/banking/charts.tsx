import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useFormat } from '../i18n/format';
import styles from './charts.module.css';

const axis = { stroke: 'var(--quiet)', fontSize: 12, tickLine: false } as const;
const tooltip = {
  contentStyle: {
    border: '1px solid var(--line)',
    borderRadius: 8,
    background: 'var(--raised)',
    color: 'var(--text)',
  },
  labelStyle: { color: 'var(--text)' },
  itemStyle: { color: 'var(--text)' },
} as const;

interface BalanceChartProps {
  points: readonly { date: string; balance: number }[];
  currency: string;
  name: string;
  /** Dashed: it has not happened. */
  isForecast?: boolean;
}

/** A balance by days. Its table stands beside it: the picture itself is hidden from screen readers. */
export function BalanceChart({ points, currency, name, isForecast = false }: BalanceChartProps) {
  const { date, money, number } = useFormat();
  return (
    <div className={styles.chart} aria-hidden>
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={[...points]} margin={{ top: 8, right: 8, bottom: 0, left: 8 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis dataKey="date" {...axis} minTickGap={48} tickFormatter={(day: string) => date(day, 'short')} />
          <YAxis
            {...axis}
            width={64}
            axisLine={false}
            tickFormatter={(amount: number) => number(amount, { notation: 'compact' })}
          />
          <ReferenceLine y={0} stroke="var(--quiet)" />
          <Tooltip
            {...tooltip}
            labelFormatter={(day) => date(String(day))}
            formatter={(amount) => [money(Number(amount), currency), name]}
          />
          <Area
            dataKey="balance"
            name={name}
            type="stepAfter"
            stroke={isForecast ? 'var(--chart-3)' : 'var(--chart-1)'}
            strokeWidth={2}
            {...(isForecast && { strokeDasharray: '5 4' })}
            fill={isForecast ? 'var(--chart-3)' : 'var(--chart-1)'}
            fillOpacity={0.14}
            isAnimationActive={false}
          />
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}

interface SpendingChartProps {
  parts: readonly { name: string; amount: number }[];
  currency: string;
}

const mostParts = 8;
const colors = [
  'var(--chart-1)',
  'var(--chart-2)',
  'var(--chart-3)',
  'var(--chart-4)',
  'var(--chart-5)',
  'var(--chart-6)',
];

/** Expenses by category, the largest first; the names stand beside the bars, so that no colour has to be told apart. */
export function SpendingChart({ parts, currency }: SpendingChartProps) {
  const { money } = useFormat();
  const shown = parts.slice(0, mostParts);
  return (
    <div className={styles.chart} aria-hidden style={{ height: 60 + shown.length * 34 }}>
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={shown}
          layout="vertical"
          margin={{ top: 0, right: 16, bottom: 0, left: 8 }}
          accessibilityLayer={false}
        >
          <XAxis type="number" hide />
          <YAxis type="category" dataKey="name" {...axis} axisLine={false} width={120} stroke="var(--text)" />
          <Tooltip
            {...tooltip}
            cursor={{ fill: 'var(--hover)' }}
            formatter={(amount) => [money(Number(amount), currency), '']}
            separator=""
          />
          <Bar dataKey="amount" radius={4} isAnimationActive={false}>
            {shown.map(({ name }, index) => (
              <Cell key={name} fill={colors[index % colors.length] ?? 'var(--chart-1)'} />
            ))}
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
