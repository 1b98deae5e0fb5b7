import type { Catalogue } from '@/i18n/english';

/** 전화 상담. */
export const calls: Catalogue['calls'] = {
  title: '시청에 전화하기',
  lead: '전화처럼 말이나 번호로 시청과 통화할 수 있습니다.',
  start: '전화 걸기',
  hangUp: '전화 끊기',
  keys: '번호판',
  keyNames: {
    '*': '별표: 이전 단계',
    '#': '우물 정: 말 끝내기 또는 다시 듣기',
    '0': '영: 상담원 연결',
  },
  consent: '말씀하신 내용은 녹음되어 일정 기간 보관됩니다. 번호만 누르시면 녹음되지 않습니다.',
  link: '전화로 말하기',
  states: {
    asking: '연결하고 있습니다…',
    talking: '연결되었습니다.',
    denied: '브라우저가 마이크를 쓸 수 없습니다. 설정에서 허용해 주세요.',
    failed: '전화를 연결하지 못했습니다. 잠시 뒤 다시 걸어 주세요.',
    over: '통화가 끝났습니다.',
  },
};
