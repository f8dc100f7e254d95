/*
  Warnings:

  - The values [y] on the enum `AnEnumWithAnExceedinglyLongNameThatNearlyFillsTheLimit` will be removed. If these variants are still used in the database, this will fail.

*/
