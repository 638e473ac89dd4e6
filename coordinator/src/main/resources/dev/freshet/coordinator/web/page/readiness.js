// Whether a plan can be started now, and if not, why not and what to do about it. Pure.

/**
 * @param plan the resolved plan of a dry run
 * @param status the feed's last `status`, or null before there was one
 * @param agents the feed's last `agents`
 * @returns null if nothing is in the way, else `{ reason, link, commands }`: words, where to look (or null) and what to run in a terminal
 */
export function obstacle(plan, status, agents) {
  if (!status) {
    return { reason: 'Nothing was heard of the coordinator yet.', link: null, commands: [] };
  }
  if (status.coordinator.control === 'none') {
    return {
      reason: 'This coordinator only shows: it listens beyond its own host and was started without --token-file, so it takes no orders.',
      link: null,
      commands: [],
    };
  }
  if (status.run && status.run.run.outcome === null) {
    const { name, state } = status.run.run;
    return { reason: `Run ${name} is in progress (${state}); one runs at a time.`, link: { href: '#live', text: 'See it' }, commands: [] };
  }
  return missingAgents(plan, status, agents);
}

function missingAgents(plan, status, agents) {
  const wanted = { producer: Number(plan.agents), consumer: typeof plan.consumers === 'object' ? 0 : Number(plan.consumers) };
  const missing = Object.entries(wanted)
    .map(([role, needed]) => ({ role, needed, ready: agents.filter((agent) => agent.role === role && agent.state === 'idle').length }))
    .filter(({ needed, ready }) => ready < needed);
  if (!missing.length) {
    return null;
  }
  const shortages = missing.map(({ role, needed, ready }) => `${ready} of ${needed} ${role}${needed === 1 ? '' : 's'}`);
  const more = missing.map(({ role, needed, ready }) => `${needed - ready} ${role}${needed - ready === 1 ? '' : 's'}`);
  return {
    reason: `${shortages.join(' and ')} are here. Start ${more.join(' and ')} more:`,
    link: null,
    commands: missing.map(({ role }) => `freshet agent --role ${role} --coordinator ${status.coordinator.endpoint}`),
  };
}
