import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { appRoute } from '../shell/app-route';
import { calendarDayOf, choiceOf, optional, type Searched, wordOf } from '../ui/search-values';

export const planningViews = ['day', 'team', 'week', 'month', 'agenda'] as const;

const planningSearch = (search: Searched) =>
  optional({
    view: choiceOf(planningViews, search['view']),
    date: calendarDayOf(search['date']),
    who: wordOf(search['who']),
    /** Of an intervention, or `new`: the form for a new appointment is open. */
    add: wordOf(search['add']),
  });

const planningRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/planning',
  validateSearch: planningSearch,
  component: lazyRouteComponent(() => import('./planning-page'), 'PlanningPage'),
});

const appointmentRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/planning/$id',
  component: lazyRouteComponent(() => import('./appointment-page'), 'AppointmentPage'),
});

const todayRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/today',
  validateSearch: (search: Searched) => optional({ date: calendarDayOf(search['date']) }),
  component: lazyRouteComponent(() => import('./today-page'), 'TodayPage'),
});

export const planningRoutes = [planningRoute, appointmentRoute, todayRoute];
