/**
 * The fields of a predictor that held a model before `model` did, in the order in which KServe looks for them.
 * https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_defaults.go
 */
export const LEGACY_FIELDS: readonly string[] = [
  'sklearn',
  'tensorflow',
  'xgboost',
  'pytorch',
  'triton',
  'onnx',
  'huggingface',
  'pmml',
  'lightgbm',
  'paddle',
];
