-- AlterEnum
ALTER TYPE "Level" ADD VALUE 'top';
